using System.Diagnostics;
using System.Net.Http.Headers;

namespace ControlPlane.Bench;

/// <summary>The program that ./run starts, on free ports and a folder that goes with it. CONTROL_PLANE_HOST names it.</summary>
sealed class BenchHost : IAsyncDisposable
{
    readonly Process process;
    readonly DirectoryInfo folder;
    readonly Uri api;
    readonly Task drained;

    BenchHost(Process process, DirectoryInfo folder, Uri api, string claim)
    {
        (this.process, this.folder, this.api, OperatorClaim) = (process, folder, api, claim);
        // Nobody reads on, and a full pipe would stop the host.
        drained = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The token of the one-time link by which somebody becomes the operator.</summary>
    internal string OperatorClaim { get; }

    /// <param name="arguments">Of its command line, besides.</param>
    /// <param name="settings">Of its environment, besides.</param>
    internal static async Task<BenchHost> StartAsync(string engine, CancellationToken cancel, IEnumerable<string>? arguments = null, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("faktory-bench-");
        // PostgreSQL runs as its own user and must get to its folder.
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("CONTROL_PLANE_HOST") ?? throw new InvalidOperationException("Run this by ./bench."))
        {
            RedirectStandardOutput = true,
            Environment = { ["RateLimits__SensitivePerAddressPerHour"] = "100000", ["RateLimits__PerAddressPerMinute"] = "100000", ["RateLimits__PerCallerPerMinute"] = "100000", ["RateLimits__PerPlatformPerMinute"] = "1000000" },
        };
        foreach (var argument in (string[])["--data", Path.Combine(folder.FullName, "data"), "--engine", engine, .. arguments ?? []])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var api = "";
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["API", var address, ..]:
                    api = address;
                    break;
                case ["Operator", var link, ..]:
                    return new BenchHost(process, folder, new Uri(api + "/"), link.Split("token=")[^1]);
            }
        }
        throw new InvalidOperationException("The host ended before it served.");
    }

    internal HttpClient Http(string? token = null)
    {
        var http = new HttpClient { BaseAddress = api };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        // It stops in order on SIGTERM; Process.Kill would not ask.
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await drained;
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
