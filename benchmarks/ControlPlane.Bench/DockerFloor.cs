using System.Diagnostics;

namespace ControlPlane.Bench;

/// <summary>The same image by <c>docker run</c>, on a network that is there already: what the engine itself needs.</summary>
static class DockerFloor
{
    const string Image = "faktory-server:latest", Network = "faktory-bench-floor";

    /// <summary>./bench sets DOCKER_HOST to an engine that answers and has the image.</summary>
    internal static bool IsPossible => Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 };

    internal static async Task<Timings> MeasureAsync(int times, TimeProvider clock, CancellationToken cancel)
    {
        var timings = new Timings("floor: docker run of the image to +HI");
        // An engine may have no default network that publishes ports.
        await DockerAsync(["network", "create", Network], cancel);
        try
        {
            for (var i = 0; i < times; i++)
                timings.Add(await MeasureOneAsync(clock, cancel));
        }
        finally
        {
            await DockerAsync(["network", "rm", Network], CancellationToken.None);
        }
        return timings;
    }

    static async Task<TimeSpan> MeasureOneAsync(TimeProvider clock, CancellationToken cancel)
    {
        var port = Greeting.FreePort();
        var begun = clock.GetTimestamp();
        var id = await DockerAsync(
            ["run", "--detach", "--rm", "--network", Network, "--tmpfs", "/tmp/data:mode=1777", "--publish", $"127.0.0.1:{port}:7419", Image, "-b", "0.0.0.0:7419", "-w", ":0", "-d", "/tmp/data/queue"], cancel);
        try
        {
            await Greeting.AwaitAsync(port, cancel);
            return clock.GetElapsedTime(begun);
        }
        finally
        {
            await DockerAsync(["rm", "--force", id], CancellationToken.None);
        }
    }

    static async Task<string> DockerAsync(string[] arguments, CancellationToken cancel)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        var said = await docker.StandardOutput.ReadToEndAsync(cancel);
        await docker.WaitForExitAsync(cancel);
        return docker.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException($"docker {arguments[0]} failed");
    }
}
