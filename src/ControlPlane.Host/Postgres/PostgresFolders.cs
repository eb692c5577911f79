using System.Text;

namespace ControlPlane.Host.Postgres;

/// <summary>Where one private PostgreSQL keeps its files, its socket and its log.</summary>
/// <param name="Cluster">The data directory; its path is the real one, without symbolic links.</param>
/// <param name="Socket">The folder of the Unix socket: mode 0700, so that only its own user and root can connect.</param>
/// <param name="Log">What the server says, appended.</param>
sealed record PostgresFolders(string Cluster, string Socket, string Log)
{
    // A socket's path has at most 107 bytes, and PostgreSQL puts "/.s.PGSQL.5432" behind the folder.
    const int socketFolderBytesMax = 107 - 14;

    const string elsewhere = "/var/lib/faktory-cloud/postgres";
    const string shortSocketPrefix = "faktory-pg-";

    internal bool HasCluster => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    /// <summary>Decides the folders under <paramref name="dataFolder"/>, and elsewhere only where they cannot be there.</summary>
    internal static async Task<PostgresFolders> PrepareAsync(string dataFolder, CancellationToken cancel)
    {
        var data = Directory.CreateDirectory(dataFolder);
        var real = data.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? data.FullName;
        var canEnter = await PostgresUser.CanEnterAsync(real, cancel);
        return new PostgresFolders(
            ClusterFolder(real, canEnter),
            await SocketFolderAsync(real, canEnter, cancel),
            Path.Combine(real, "postgres.log"));
    }

    /// <summary>
    /// A checkout below a closed folder (/root, or one made by mktemp) cannot hold files of another user. The cluster then lies
    /// elsewhere under a random name, and a symbolic link in the data folder says where.
    /// </summary>
    static string ClusterFolder(string data, bool canEnter)
    {
        var cluster = new DirectoryInfo(Path.Combine(data, "postgres"));
        if (cluster.LinkTarget is { } target)
            return target;
        if (canEnter)
            return cluster.FullName;
        if (cluster.Exists)
            throw new PrivatePostgresException($"The user postgres cannot enter {data}, where the cluster is: open the folders above it (chmod o+x), or move it.");
        var away = Path.Combine(elsewhere, Path.GetRandomFileName());
        Directory.CreateDirectory(elsewhere);
        cluster.CreateAsSymbolicLink(away);
        return away;
    }

    static async Task<string> SocketFolderAsync(string data, bool canEnter, CancellationToken cancel)
    {
        var socket = new DirectoryInfo(Path.Combine(data, "postgres-socket"));
        if (socket.LinkTarget is not null)
            RemoveSocket(socket.FullName);
        var folder = socket.FullName;
        if (!canEnter || Encoding.UTF8.GetByteCount(folder) > socketFolderBytesMax)
        {
            folder = Directory.CreateTempSubdirectory(shortSocketPrefix).FullName;
            socket.CreateAsSymbolicLink(folder);
        }
        await PostgresUser.OwnAsync(folder, cancel);
        return folder;
    }

    /// <summary>Removes the folder of the socket, and the link to it when it lies elsewhere.</summary>
    internal static void RemoveSocket(string socketInDataFolder)
    {
        var socket = new DirectoryInfo(socketInDataFolder);
        if (socket.LinkTarget is { } target)
        {
            // The name is checked because the link is data: nothing else may be deleted through it.
            if (Path.GetFileName(target).StartsWith(shortSocketPrefix, StringComparison.Ordinal) && Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            File.Delete(socket.FullName);
        }
        else if (socket.Exists)
        {
            socket.Delete(recursive: true);
        }
    }
}
