namespace Provisioner.Engines.Processes;

static class DurableFile
{
    /// <summary>Whoever reads sees the old bytes or the new, also after a power cut; never a part.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        var written = path + ".new";
        // A leftover of a crash would keep its own mode, and one of 0400 could not be opened for writing.
        File.Delete(written);
        using (var file = new FileStream(written, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        }))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(written, path, overwrite: true);
    }
}
