namespace Faktory.Server.Storage;

/// <summary>
/// Room held in reserve on the disk of the data. Opening a store writes, so on a disk that something else has filled to the last byte a server
/// could not start again, nor give out the jobs whose end would make room. A start that finds too little frees this first. One caller at a time.
/// </summary>
/// <param name="path">Of the file that holds the room.</param>
/// <param name="disk">How many bytes are free on its disk, and how many there are.</param>
sealed class Ballast(string path, Func<(long Free, long Total)> disk)
{
    const long BytesMax = 32 << 20;
    const long BytesMin = 8 << 20;

    internal Ballast(string path) : this(path, () => MeasureDisk(path)) { }

    internal bool IsHeld => File.Exists(path);

    /// <summary>Before a store is opened. True when there was too little room and some was freed.</summary>
    internal bool ReleaseIfShort()
    {
        var (free, total) = disk();
        if (!IsHeld || free >= BytesFor(total))
            return false;
        File.Delete(path);
        return true;
    }

    /// <summary>Takes the room again, unless less than <paramref name="freeBytesMin"/> would then be left.</summary>
    internal void HoldIfRoom(Func<long, long> freeBytesMin)
    {
        if (IsHeld)
            return;
        try
        {
            var (free, total) = disk();
            var bytes = BytesFor(total);
            if (free - bytes < freeBytesMin(total))
                return;
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes });
            file.SetLength(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The disk was filled or taken away meanwhile, or files may not be as large here (ulimit -f). A server without a reserve is better than none.
            File.Delete(path);
        }
    }

    static long BytesFor(long diskBytes) => Math.Clamp(diskBytes / 4, BytesMin, BytesMax);

    static (long Free, long Total) MeasureDisk(string path)
    {
        var drive = new DriveInfo(Path.GetDirectoryName(path)!);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }
}
