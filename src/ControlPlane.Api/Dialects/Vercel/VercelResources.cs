using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>POST and GET /v1/installations/{iid}/resources</summary>
static class VercelResources
{
    sealed record Create(string? ProductId, string? Name, JsonElement? Metadata, string? BillingPlanId);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/installations/{iid}/resources", CreateAsync);
        routes.MapGet("/installations/{iid}/resources", ListAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, string iid, ResellerCommands commands, VercelWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Camel, cancel) is not { ProductId: { Length: > 0 } product, Name: { Length: > 0 } name, BillingPlanId: { } plan } body)
            return VercelAnswers.Refuse(400, "bad_request", "The request must name a productId, a name and a billingPlanId.");
        if (await db.FindInstallationAsync(by, iid, cancel) is null)
            return VercelAnswers.NotFound();
        var settings = PlatformSettings.Of(by.Integration);
        PlatformRecord record;
        CommandResult result;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            // Vercel sends no id of its own. In an installation a name stands for one resource as long as that lives, so the same request again finds it.
            await db.LockIdAsync(by, $"{iid} {product} {name}", cancel);
            var id = await ChooseIdAsync(db, by, iid, product, name, cancel);
            // A resource is a customer of its own: it can move to another installation, and then nothing else must be seen from there.
            result = await commands.ProvisionAsync(by, new ProvisionRequest(id, new CustomerSought(id, name, null), settings.PlanKey(plan), name), cancel);
            if (!result.IsAccepted)
                return VercelAnswers.Refuse(result);
            record = await db.FindRecordAsync(by, PlatformRecordKinds.Product, id, cancel)
                ?? db.AddRecord(by, PlatformRecordKinds.Product, id, result.Resource!, new VercelResource(iid, product, name, body.Metadata), clock);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(CancellationToken.None);
        }
        return await work.AnswerNewAsync(by, record, result, cancel);
    }

    static async Task<string> ChooseIdAsync(ControlPlaneDb db, ResellerCaller by, string iid, string product, string name, CancellationToken cancel)
    {
        for (var n = 0; ; n++)
        {
            var id = "res-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{iid}\n{product}\n{name}\n{n}"))).AsSpan(0, 12));
            if (await db.FindResourceAsync(by, id, cancel) is null or { IsLiving: true } && (await db.FindRecordAsync(by, PlatformRecordKinds.Product, id, cancel) is not { } record || record.Read<VercelResource>().Installation == iid))
                return id;
        }
    }

    static async Task<IResult> ListAsync(HttpContext http, string iid, VercelWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindInstallationAsync(by, iid, cancel) is null)
            return VercelAnswers.NotFound();
        var resources = new List<VercelResourceAnswer>();
        foreach (var record in await db.ReadResourcesAsync(by, iid, cancel))
            if (await work.DescribeAsync(by, record, cancel) is { Status: not "uninstalled" } living)
                resources.Add(living);
        return VercelAnswers.Json(200, new { resources });
    }
}
