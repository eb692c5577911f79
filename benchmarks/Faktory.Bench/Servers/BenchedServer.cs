using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Faktory.Bench.Servers;

/// <summary>A server process that is measured, with a folder of its own that goes with it.</summary>
abstract class BenchedServer : IDisposable
{
    internal const int BulkJobs = 1000;

    // Linux counts processor time in hundredths of a second, whatever its own timer does.
    const double ticksPerSecond = 100;

    static readonly TimeSpan _startWait = TimeSpan.FromMinutes(2);

    Process? _process;

    protected BenchedServer(string name, DirectoryInfo parent)
    {
        Name = name;
        Folder = Directory.CreateDirectory(Path.Combine(parent.FullName, $"faktory-bench-{Environment.ProcessId}-{name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}"));
    }

    internal string Name { get; }

    /// <summary>A library that is put between the server and the system's own.</summary>
    internal string? Preloaded { get; init; }

    internal int Port { get; private protected set; }

    protected DirectoryInfo Folder { get; }

    /// <summary>Starts on what the folder holds, and waits until a first connection is greeted.</summary>
    /// <returns>From starting the process to the greeting.</returns>
    internal TimeSpan Start(TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        using var bound = new ManualResetEventSlim();
        _process = new Process { StartInfo = Program(), EnableRaisingEvents = true };
        if (Preloaded is not null)
            _process.StartInfo.Environment["LD_PRELOAD"] = Preloaded;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && TellsItIsBound(line.Data))
                bound.Set();
        };
        _process.Start();
        _process.BeginOutputReadLine();
        if (!bound.Wait(_startWait))
            throw new InvalidOperationException($"{Name} does not listen after {_startWait.TotalSeconds} s");
        Greet();
        return clock.GetElapsedTime(began);
    }

    /// <summary>Ends the process and waits for it; its data stays.</summary>
    internal void Stop()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(60)))
                _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _process = null;
    }

    /// <summary>Removes the data of a server that is stopped.</summary>
    internal void Wipe()
    {
        Folder.Delete(recursive: true);
        Folder.Create();
    }

    /// <summary>Resident memory in MiB, and of it what is the process's own.</summary>
    internal (double Resident, double Anonymous) Memory()
    {
        var lines = File.ReadAllLines($"/proc/{_process!.Id}/status");
        return (Field("VmRSS:"), Field("RssAnon:"));

        double Field(string name) =>
            double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time that the process has had, user and system.</summary>
    internal TimeSpan Cpu()
    {
        // The second field is the name in parentheses and may hold spaces; utime and stime are the 14th and 15th.
        var stat = File.ReadAllText($"/proc/{_process!.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / ticksPerSecond);
    }

    /// <summary>A new connection that gives up after half a minute of silence.</summary>
    internal WireLine Dial()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        socket.Connect("127.0.0.1", Port);
        return Enter(new WireLine(socket));
    }

    public void Dispose()
    {
        Stop();
        Folder.Delete(recursive: true);
    }

    protected abstract ProcessStartInfo Program();

    /// <summary>Whether this line of its output says that it listens; <see cref="Port"/> is known then.</summary>
    protected abstract bool TellsItIsBound(string line);

    /// <summary>Makes a fresh connection fit for commands.</summary>
    protected abstract WireLine Enter(WireLine line);

    internal abstract void PushMany(WireLine line, int count);

    internal abstract void Push(WireLine line);

    /// <summary>Sends so many pushes, then reads as many replies.</summary>
    internal abstract void PushPipelined(WireLine line, int count);

    /// <summary>Sends so many fetches and reads their jobs, then the like with the confirmations; false when there were fewer jobs.</summary>
    internal abstract bool FetchAndAckPipelined(WireLine line, int count);

    internal void Fill(WireLine line, int jobs)
    {
        for (var left = jobs; left > 0; left -= BulkJobs)
            PushMany(line, Math.Min(left, BulkJobs));
    }

    /// <summary>Takes a job and confirms it; false when there is none.</summary>
    internal abstract bool FetchAndAck(WireLine line);

    internal abstract void Flush(WireLine line);

    void Greet()
    {
        using var line = Dial();
    }
}
