using System.Diagnostics;

namespace ControlPlane.Bench;

/// <summary>The same image by <c>docker run</c>: what the engine itself needs.</summary>
static class DockerFloor
{
    const string Image = "faktory-server:latest";

    /// <summary>./bench sets DOCKER_HOST to an engine that answers and has the image.</summary>
    internal static bool IsPossible => Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 };

    internal static async Task<TimeSpan> MeasureAsync(TimeProvider clock, CancellationToken cancel)
    {
        var port = Greeting.FreePort();
        var begun = clock.GetTimestamp();
        var id = await DockerAsync(["run", "--detach", "--rm", "--tmpfs", "/tmp/data:mode=1777", "--publish", $"127.0.0.1:{port}:7419", Image, "-b", "0.0.0.0:7419", "-w", ":0", "-d", "/tmp/data/queue"], cancel);
        await Greeting.AwaitAsync(port, cancel);
        var took = clock.GetElapsedTime(begun);
        await DockerAsync(["kill", id], cancel);
        return took;
    }

    static async Task<string> DockerAsync(string[] arguments, CancellationToken cancel)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        var said = await docker.StandardOutput.ReadToEndAsync(cancel);
        await docker.WaitForExitAsync(cancel);
        return docker.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException($"docker {arguments[0]} failed");
    }
}
