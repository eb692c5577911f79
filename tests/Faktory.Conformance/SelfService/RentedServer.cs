using System.Globalization;
using System.Text.Json;
using Faktory.Client;

namespace Faktory.Conformance.SelfService;

/// <summary>An instance as a customer gets it, with curl alone.</summary>
sealed class RentedServer(Uri api, string engine, string token, string id, FaktoryUrl url)
{
    internal FaktoryUrl Url => url;

    internal static async Task<RentedServer> RentAsync(Uri api, string engine)
    {
        var signUp = await CurlAsync(api, "POST", "/v1/signup", null, """{"email":"ada@example.com","password":"correct horse battery staple","organization":"Engines"}""");
        var token = signUp.GetProperty("token").GetString()!;
        var instance = await CurlAsync(api, "POST", "/v1/instances", token, """{"name":"first"}""");
        var id = instance.GetProperty("id").GetString()!;
        await UntilRunningAsync(api, token, id, instance);
        var credentials = await CurlAsync(api, "GET", $"/v1/instances/{id}/credentials", token);
        return new(api, engine, token, id, FaktoryUrl.Parse(credentials.GetProperty("faktory_url").GetString()!));
    }

    /// <summary>Kills the server without warning; whoever looks after it has to start it again.</summary>
    internal async Task KillAsync()
    {
        foreach (var process in await ProcessesAsync())
            await CommandRun.OutputAsync("kill", "-KILL", process);
    }

    /// <summary>Gives the instance back and removes what is kept for an undelete.</summary>
    internal async Task ReturnAsync()
    {
        await CurlAsync(api, "DELETE", $"/v1/instances/{id}", token);
        if (engine != "docker")
            return;
        var label = $"label=cloud.faktory.instance={id}";
        foreach (var (list, remove) in new (string[], string[])[]
        {
            (["ps", "-aq", "--filter", label], ["rm", "-f"]),
            (["network", "ls", "-q", "--filter", label], ["network", "rm"]),
            (["volume", "ls", "-q", "--filter", label], ["volume", "rm", "-f"]),
        })
        {
            var found = Words(await CommandRun.OutputAsync("docker", list));
            if (found.Length > 0)
                await CommandRun.OutputAsync("docker", [.. remove, .. found]);
        }
    }

    // Ten seconds of waiting were asked for; a busy machine may take longer, and then the API is to be asked again.
    static async Task UntilRunningAsync(Uri api, string token, string id, JsonElement instance)
    {
        using var again = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        for (var tries = 0; instance.GetProperty("state").GetString() != "running"; tries++)
        {
            tries.ShouldBeLessThan(240, instance.GetRawText());
            await again.WaitForNextTickAsync();
            instance = await CurlAsync(api, "GET", $"/v1/instances/{id}", token);
        }
    }

    async Task<string[]> ProcessesAsync()
    {
        if (engine != "docker")
            return ListeningOn(url.Port);
        var containers = Words(await CommandRun.OutputAsync("docker", "ps", "-q", "--filter", $"label=cloud.faktory.instance={id}"));
        return Words(await CommandRun.OutputAsync("docker", ["inspect", "--format", "{{.State.Pid}}", .. containers]));
    }

    // The process engine names the port on its server's command line.
    static string[] ListeningOn(int port) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where int.TryParse(name, CultureInfo.InvariantCulture, out _) && CommandLineOf(folder).Contains($"-b\0127.0.0.1:{port}\0", StringComparison.Ordinal)
           select name,
    ];

    static string CommandLineOf(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or it is somebody else's.
            return "";
        }
    }

    static async Task<JsonElement> CurlAsync(Uri api, string method, string path, string? token, string? body = null)
    {
        List<string> arguments = ["--silent", "--show-error", "--fail-with-body", "--max-time", "60", "-X", method, new Uri(api, path).ToString(), "-H", "Prefer: wait=10"];
        if (token is not null)
            arguments.AddRange(["-H", $"Authorization: Bearer {token}"]);
        if (body is not null)
            arguments.AddRange(["-H", "Content-Type: application/json", "-d", body]);
        var answer = await CommandRun.OutputAsync("curl", arguments);
        return answer.Length == 0 ? default : JsonElement.Parse(answer);
    }

    static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
