using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Faktory.Server.Cli.Wire;

namespace Faktory.Server.Cli;

/// <summary><c>stats</c>: the numbers of a running server, as a table or as JSON.</summary>
static class StatsCommand
{
    internal static Command Create() =>
        new Command("stats", "show the queues and counts of the server that FAKTORY_URL names") { Flags.Url, Flags.Json }.Does(RunAsync);

    static async Task<int> RunAsync(ParseResult flags, CancellationToken cancel)
    {
        await using var server = await WireConnection.OpenAsync(ServerUrl.Find(flags.GetValue(Flags.Url), Flags.Variable), cancel);
        var text = await AskAsync(server, "INFO", cancel);
        if (flags.GetValue(Flags.Json))
        {
            await Console.Out.WriteLineAsync(text);
            return ExitCode.Ok;
        }
        var info = JsonElement.Parse(text);
        var queues = info.GetProperty("faktory").GetProperty("queues").EnumerateObject().Select(q => q.Name).ToArray();
        // The original answers this since 1.9.2; a server that does not has no latencies.
        var latency = queues.Length == 0 ? null : (await server.CallAsync($"QUEUE LATENCY {string.Join(' ', queues)}", cancel)).Bulk;
        await Console.Out.WriteAsync(Describe(info, latency is null ? null : JsonElement.Parse(latency)));
        return ExitCode.Ok;
    }

    static async Task<string> AskAsync(WireConnection server, string command, CancellationToken cancel)
    {
        var reply = await server.CallAsync(command, cancel);
        return reply.Bulk ?? throw new IOException($"the server answered {command} with {reply.Line}");
    }

    internal static string Describe(JsonElement info, JsonElement? latency)
    {
        var faktory = info.GetProperty("faktory");
        var server = info.GetProperty("server");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{server.GetProperty("description")} {server.GetProperty("faktory_version")}, up {TimeSpan.FromSeconds(server.GetProperty("uptime").GetInt64())}\n");
        text.Append(CultureInfo.InvariantCulture, $"{server.GetProperty("connections")} connections, {Number(server, "command_count")} commands, {Number(server, "used_memory_mb")} MB\n\n");
        var queues = faktory.GetProperty("queues").EnumerateObject().Select(q => (q.Name, Size: q.Value.GetInt64())).ToArray();
        var width = Math.Max(12, queues.Select(q => q.Name.Length).DefaultIfEmpty().Max());
        text.Append(CultureInfo.InvariantCulture, $"{"queue".PadRight(width)}  {"jobs",12}  {"latency s",12}\n");
        foreach (var (name, size) in queues)
            text.Append(CultureInfo.InvariantCulture, $"{name.PadRight(width)}  {size,12:n0}  {SecondsOf(latency, name),12}\n");
        text.Append('\n');
        var sets = faktory.GetProperty("sets");
        foreach (var set in (string[])["scheduled", "retries", "working", "dead"])
            text.Append(CultureInfo.InvariantCulture, $"{set.PadRight(width)}  {Number(sets, set),12}\n");
        foreach (var total in (string[])["enqueued", "processed", "failures"])
            text.Append(CultureInfo.InvariantCulture, $"{total.PadRight(width)}  {Number(faktory, "total_" + total),12}\n");
        return text.ToString();
    }

    static string Number(JsonElement of, string name) => of.GetProperty(name).GetInt64().ToString("n0", CultureInfo.InvariantCulture);

    static string SecondsOf(JsonElement? latency, string queue) =>
        latency is { } all && all.TryGetProperty(queue, out var seconds) ? seconds.GetDouble().ToString("n1", CultureInfo.InvariantCulture) : "";
}
