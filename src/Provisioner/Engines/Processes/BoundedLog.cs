namespace Provisioner.Engines.Processes;

/// <summary>
/// The server appends to its log without us in between (it must outlive us), so the log is bounded from outside: copied to one
/// older piece and emptied in place. Lines written between the two are lost; the next append starts at the beginning.
/// </summary>
static class BoundedLog
{
    public static void TurnOver(string path, long bytesMax)
    {
        if (new FileInfo(path) is not { Exists: true } file || file.Length <= bytesMax)
            return;
        File.Copy(path, path + ".1", overwrite: true);
        using var emptied = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
    }
}
