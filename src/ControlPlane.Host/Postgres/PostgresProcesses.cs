using System.Globalization;

namespace ControlPlane.Host.Postgres;

/// <summary>
/// The processes of one cluster that are alive now. Every PostgreSQL process has the data directory as its working folder,
/// which is a safer mark than the process id in postmaster.pid: ids are used again.
/// </summary>
static class PostgresProcesses
{
    internal static List<int> Of(string cluster) =>
        [.. from process in Directory.EnumerateDirectories("/proc")
            let id = ProcessId(process)
            where id is not null && WorkingFolder(process) == cluster
            select id.Value];

    /// <summary>
    /// Ends what an earlier host left behind: asks for a fast shutdown, then ends it hard. Afterwards no process uses the cluster,
    /// and a postmaster.pid that is still there is stale.
    /// </summary>
    internal static async Task EndAsync(string cluster, TimeProvider clock, CancellationToken cancel)
    {
        if (!await SignalUntilGoneAsync("INT", cluster, tries: 200, clock, cancel) && !await SignalUntilGoneAsync("QUIT", cluster, tries: 100, clock, cancel)
            && !await SignalUntilGoneAsync("KILL", cluster, tries: 100, clock, cancel))
            throw new PrivatePostgresException($"PostgreSQL processes {string.Join(", ", Of(cluster))} on {cluster} do not end.");
        File.Delete(Path.Combine(cluster, "postmaster.pid"));
    }

    static async Task<bool> SignalUntilGoneAsync(string signal, string cluster, int tries, TimeProvider clock, CancellationToken cancel)
    {
        var signalled = new HashSet<int>();
        for (var i = 0; i < tries; i++)
        {
            var alive = Of(cluster);
            if (alive.Count == 0)
                return true;
            foreach (var process in alive.Where(signalled.Add))
                await PostgresUser.RunAsync(["sh", "-c", $"kill -{signal} {process} 2>/dev/null || true"], cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancel);
        }
        return false;
    }

    static int? ProcessId(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : null;

    static string? WorkingFolder(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
        catch (UnauthorizedAccessException)
        {
            return null; // Somebody else's, so not ours.
        }
    }
}
