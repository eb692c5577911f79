using Xunit.Sdk;

namespace ControlPlane.Tests.Provisioning;

/// <summary>The real server, for tests that run instances: FAKTORY_SERVER, or what was published or built beside these tests.</summary>
static class ServerBinary
{
    static readonly string artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    static readonly string[] places =
    [
        Path.Combine(artifacts, "publish", "Faktory.Server", "release_linux-x64", "faktory-server"),
        Path.Combine(artifacts, "publish", "Faktory.Server", "release", "faktory-server"),
        Path.Combine(artifacts, "bin", "Faktory.Server", "release_linux-x64", "faktory-server"),
        Path.Combine(artifacts, "bin", "Faktory.Server", "debug_linux-x64", "faktory-server"),
        Path.Combine(artifacts, "bin", "Faktory.Server", "debug", "faktory-server"),
    ];

    public static string Executable =>
        Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 } given
            ? given
            : places.FirstOrDefault(File.Exists) ?? throw SkipException.ForSkip($"Build src/Faktory.Server first: there is none in {string.Join(", ", places)}.");

    /// <summary>Written by infra/docker/build-image.sh.</summary>
    public static string ImageArchive =>
        Environment.GetEnvironmentVariable("FAKTORY_IMAGE_ARCHIVE") is { Length: > 0 } given
            ? given
            : Path.Combine(artifacts, "docker", "faktory-server.tar");
}
