using System.Globalization;

namespace ControlPlane.Host;

/// <summary>The folder that one host at a time keeps everything in. Owned while this object lives.</summary>
sealed class DataFolder : IDisposable
{
    const UnixFileMode everybodyMayPass = (UnixFileMode)0b111_001_001; // PostgreSQL's user must get through; nobody else may look.

    readonly FileStream held;

    DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    internal string Path { get; }

    /// <summary>Wraps the key ring. Whoever loses it loses every secret that the database holds.</summary>
    internal string KeyRingCertificate => In("key-ring.p12");
    internal string Instances => In("instances");
    internal string Backups => In("backups");
    internal string BackupScheduler => In("backup-scheduler");

    /// <exception cref="HostRefusedException">Another host uses it, or it cannot be written.</exception>
    internal static DataFolder Take(string path)
    {
        var file = System.IO.Path.Combine(path, "host.lock");
        try
        {
            Directory.CreateDirectory(path, everybodyMayPass);
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException)
        {
            throw new HostRefusedException($"{path} cannot be written. Choose another folder with --data.");
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new HostRefusedException($"Another Faktory Cloud runs on {path}. Stop it first, or choose another folder with --data (and other ports follow by themselves).");
        }
    }

    /// <summary>Names this folder's containers on an engine that may serve others; made once, so that a moved folder keeps its instances.</summary>
    internal string Deployment()
    {
        var file = In("deployment");
        if (!File.Exists(file))
        {
            var draft = file + ".new";
            File.WriteAllText(draft, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4)));
            File.Move(draft, file);
        }
        return File.ReadAllText(file);
    }

    public void Dispose() => held.Dispose();

    string In(string name) => System.IO.Path.Combine(Path, name);
}
