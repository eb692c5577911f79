using System.Globalization;

namespace ControlPlane.Host.Postgres;

/// <summary>A data directory before any server runs on it.</summary>
sealed class PostgresCluster(PostgresTools tools, string folder)
{
    /// <summary>The version of PostgreSQL that made the cluster, and the only one that can open it.</summary>
    internal static int MajorVersion(string folder) =>
        int.Parse(File.ReadAllText(Path.Combine(folder, "PG_VERSION")), CultureInfo.InvariantCulture);

    /// <summary>Makes it beside its place and moves it there whole: one that was interrupted is begun again.</summary>
    internal async Task CreateAsync(bool isDurable, CancellationToken cancel)
    {
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        await PostgresUser.OwnAsync(unfinished, cancel);
        await PostgresUser.RunAsync(PostgresUser.CommandLine(
        [
            tools.Path("initdb"), "-D", unfinished, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions", .. (string[])(isDurable ? ["--data-checksums"] : ["--no-sync"]),
        ]), cancel);
        Directory.Move(unfinished, folder);
    }
}
