using System.Globalization;
using System.Runtime.InteropServices;
using Faktory.Server.Metrics;

namespace Faktory.Server;

/// <summary>
/// Gives memory back that only the start or a busy time needed, once it is quiet: garbage, what the C library keeps free, and pages of
/// program code, which come back from the kernel's cache when they are called again. Hundreds of servers share a machine, and most are idle.
/// </summary>
sealed partial class Footprint : IDisposable
{
    const int CommandsPerSecondMax = 100;
    const long GrownBytesMin = 4 << 20;
    const int DontNeed = 4;
    static readonly TimeSpan firstLook = TimeSpan.FromSeconds(1);
    static readonly TimeSpan eachLook = TimeSpan.FromSeconds(10);

    readonly Traffic _traffic;
    readonly ITimer _timer;
    long _commands;
    long _leftBytes;

    internal Footprint(Traffic traffic, TimeProvider clock)
    {
        _traffic = traffic;
        _timer = clock.CreateTimer(_ => Look(), null, firstLook, eachLook);
    }

    public void Dispose() => _timer.Dispose();

    void Look()
    {
        var commands = _traffic.Commands;
        var isQuiet = commands - _commands <= CommandsPerSecondMax * eachLook.TotalSeconds;
        _commands = commands;
        if (!isQuiet || PrivateBytes() < _leftBytes + GrownBytesMin)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = malloc_trim(0);
        ForgetCode();
        _leftBytes = PrivateBytes();
    }

    // Resident, less what is shared with files: the second and third number of the line are pages.
    static long PrivateBytes()
    {
        var pages = File.ReadAllText("/proc/self/statm").Split(' ');
        return (long.Parse(pages[1], CultureInfo.InvariantCulture) - long.Parse(pages[2], CultureInfo.InvariantCulture)) * Environment.SystemPageSize;
    }

    // Only code, which nothing ever writes to: a page of data that was written is not in the file.
    static void ForgetCode()
    {
        foreach (var mapping in File.ReadLines("/proc/self/maps"))
        {
            // 7f3f6a400000-7f3f6ae3d000 r-xp 00541000 fe:00 1234 /usr/lib/librocksdb.so
            var fields = mapping.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6 || fields[1] != "r-xp" || !fields[5].StartsWith('/'))
                continue;
            var ends = fields[0].Split('-');
            var start = nint.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _ = madvise(start, nint.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start, DontNeed);
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nint pad);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int madvise(nint start, nint length, int advice);
}
