using System.CommandLine;
using System.Text.Json;
using Faktory.Server.Config;

namespace Faktory.Server.Cli;

/// <summary>What the verbs have in common that ask a running server's admin port.</summary>
static class AdminQuestion
{
    internal static readonly Option[] Options = [Flags.Admin, Flags.Token, Flags.Instance, Flags.Json];

    /// <summary>The answer as it came, a JSON text; empty where there is none to give.</summary>
    /// <exception cref="ConfigurationException">It was not said where the admin port is.</exception>
    /// <exception cref="IOException">The server refused, or does not answer.</exception>
    internal static async Task<string> AskAsync(ParseResult flags, string method, string path, CancellationToken cancel)
    {
        var binding = Flags.AdminOf(flags) ?? throw new ConfigurationException("say where the server's admin port is: --admin HOST:PORT, or FAKTORY_ADMIN_BINDING");
        var admin = new AdminClient(binding, Flags.TokenOf(flags));
        await using var answer = await admin.SendAsync(method, path, cancel);
        var text = await answer.ReadTextAsync(cancel);
        return answer.Status is >= 200 and < 300 ? text : throw new IOException($"{admin.Endpoint} refused: {ReasonOf(text)}{AdminAnswer.Advice(answer.Status)}");
    }

    /// <summary>Prints the answer as it is, or as a table of it.</summary>
    internal static async Task<int> PrintAsync(ParseResult flags, string answer, Func<JsonElement, string> describe)
    {
        if (flags.GetValue(Flags.Json))
            await Console.Out.WriteLineAsync(answer);
        else
            await Console.Out.WriteAsync(describe(JsonElement.Parse(answer)));
        return ExitCode.Ok;
    }

    static string ReasonOf(string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.TryGetProperty("detail", out var detail) ? detail.ToString() : json.RootElement.GetProperty("title").ToString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return problem;
        }
    }
}
