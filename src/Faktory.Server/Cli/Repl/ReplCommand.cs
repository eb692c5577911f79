using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faktory.Server.Cli.Wire;

namespace Faktory.Server.Cli.Repl;

/// <summary><c>cli</c>: sends lines to a server and shows its answers. From a pipe as well as from a terminal.</summary>
static class ReplCommand
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create() =>
        new Command("cli", "speak the Faktory protocol with the server that FAKTORY_URL names; END leaves") { Flags.Url }.Does(RunAsync);

    static async Task<int> RunAsync(ParseResult flags, CancellationToken cancel)
    {
        var url = ServerUrl.Find(flags.GetValue(Flags.Url), Flags.Variable);
        await using var server = await WireConnection.OpenAsync(url, cancel);
        Func<Task<string?>> read = Console.In.ReadLineAsync;
        if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            Console.WriteLine($"{url}. Tab completes, arrows recall, END or Ctrl-D leaves.");
            read = new LineEditor("> ", line => CompleteAsync(server, line, cancel)).ReadAsync;
        }
        var hasFailed = false;
        while (await read() is { } line && line != "END")
        {
            if (line.Trim().Length == 0)
                continue;
            var reply = await server.CallAsync(line, cancel);
            hasFailed |= reply.IsError;
            await Console.Out.WriteLineAsync(Describe(reply));
        }
        // A script is told; a person has seen it.
        return hasFailed && Console.IsInputRedirected ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Errors as they are, OK without its plus, JSON indented.</summary>
    internal static string Describe(WireReply reply)
    {
        if (reply.Bulk is null)
            return reply.Line switch
            {
                "$-1" => "(nothing)",
                ['+', .. var text] => text,
                ['-', .. var error] => $"error: {error}",
                var line => line,
            };
        try
        {
            using var json = JsonDocument.Parse(reply.Bulk);
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Indented))
                json.WriteTo(writer);
            return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
        }
        catch (JsonException)
        {
            return reply.Bulk;
        }
    }

    static async Task<IReadOnlyList<string>> CompleteAsync(WireConnection server, string line, CancellationToken cancel)
    {
        if ((await server.CallAsync("INFO", cancel)).Bulk is not { } info)
            return Completion.Of(line, []);
        return Completion.Of(line, JsonElement.Parse(info).GetProperty("faktory").GetProperty("queues").EnumerateObject().Select(q => q.Name).ToArray());
    }
}
