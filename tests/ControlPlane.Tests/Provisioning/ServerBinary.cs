using Xunit.Sdk;

namespace ControlPlane.Tests.Provisioning;

/// <summary>The real server, for tests that run instances: FAKTORY_SERVER, or what was published or built beside these tests.</summary>
static class ServerBinary
{
    static readonly string artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    static readonly string built = Path.Combine(artifacts, "faktory-server", "faktory-server");

    public static string Executable =>
        Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 } given
            ? given
            : File.Exists(built) ? built : throw SkipException.ForSkip($"There is no server at {built}: ./test and ./run build it.");

    /// <summary>Written by infra/docker/build-image.sh.</summary>
    public static string ImageArchive =>
        Environment.GetEnvironmentVariable("FAKTORY_IMAGE_ARCHIVE") is { Length: > 0 } given
            ? given
            : Path.Combine(artifacts, "docker", "faktory-server.tar");
}
