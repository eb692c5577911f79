using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>POST …/resources/{rid}/repl: looking at the queues from within Vercel. It reads and changes nothing.</summary>
static class VercelConsole
{
    const int QueuesShownMax = 50;

    sealed record Input([property: System.Text.Json.Serialization.JsonPropertyName("input")] string? Text);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/installations/{iid}/resources/{rid}/repl", HandleAsync);

    static async Task<IResult> HandleAsync(HttpContext http, string iid, string rid, VercelWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Input>(http.Request, DialectJson.Camel, cancel) is not { Text: { } input })
            return VercelAnswers.Refuse(400, "bad_request", "The request must bring an input.");
        if (await work.FindAsync(by, iid, rid, cancel) is not var (_, resource) || !resource.IsLiving)
            return VercelAnswers.NotFound();
        db.Scope.EnterOrganization(resource.OrganizationId);
        var instance = resource.InstanceId;
        var sample = await db.InstanceSamples.AsNoTracking().Where(s => s.InstanceId == instance).OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel);
        db.Scope.EnterOrganization(by.Reseller.OrganizationId);
        return input.Trim().ToLowerInvariant() switch
        {
            "stats" or "queues" when sample is null => VercelAnswers.Json(200, (object[])[Say("There are no numbers yet.")]),
            "stats" => VercelAnswers.Json(200, (object[])[Table(["", ""],
            [
                ["Processed", Text(sample!.TotalProcessed)], ["Failures", Text(sample.TotalFailures)], ["Queued", Text(sample.Queued)], ["Scheduled", Text(sample.Scheduled)],
                ["Retries", Text(sample.Retries)], ["Dead", Text(sample.Dead)], ["Working", Text(sample.Working)], ["Connections", Text(sample.Connections)],
            ])]),
            "queues" => VercelAnswers.Json(200, (object[])[Table(["Queue", "Jobs"], [.. (JsonSerializer.Deserialize<Dictionary<string, long>>(sample!.Queues) ?? []).OrderByDescending(q => q.Value).Take(QueuesShownMax).Select(q => (string[])[q.Key, Text(q.Value)])])]),
            "help" or "" => VercelAnswers.Json(200, (object[])[Say("stats: the server's numbers. queues: how many jobs wait in each queue.")]),
            _ => VercelAnswers.Json(400, (object[])[Say("There is no such command. Try help.")]),
        };
    }

    static object Say(string text) => new { type = "paragraph", children = (object[])[new { type = "text", text }] };

    static object Table(string[] header, string[][] rows) => new { type = "table", header = header.Select(h => new { type = "text", text = h, bold = true }), rows = rows.Select(row => row.Select(cell => new { type = "text", text = cell })) };

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
