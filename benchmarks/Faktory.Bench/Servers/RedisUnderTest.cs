using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faktory.Bench.Servers;

/// <summary>
/// redis-server doing the like with lists: LPUSH for a push, LMOVE to a working list for a fetch, LREM for its confirmation. With
/// <c>appendfsync always</c> it promises what our server promises, with <c>everysec</c> a second less.
/// </summary>
sealed class RedisUnderTest(string appendFsync, DirectoryInfo parent, string note = "") : BenchedServer("redis " + appendFsync + note, parent)
{
    const int jobBytes = 200;

    readonly byte[] _move = Command("LMOVE"u8, "q"u8, "working"u8, "RIGHT"u8, "LEFT"u8);
    long _jobs;

    internal static bool IsInstalled() => Find("redis-server") is not null || Find("redis-check-rdb") is not null;

    protected override ProcessStartInfo Program()
    {
        if (Port == 0)
            Port = FreePort();
        return new(Executable(),
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder.FullName,
            "--save", "", "--appendonly", "yes", "--appendfsync", appendFsync, "--auto-aof-rewrite-percentage", "0",
        ])
        { RedirectStandardOutput = true };
    }

    protected override bool TellsItIsBound(string line) => line.Contains("Ready to accept connections", StringComparison.Ordinal);

    protected override WireLine Enter(WireLine line)
    {
        line.Send("PING\r\n"u8);
        line.ReadText();
        return line;
    }

    internal override void Push(WireLine line)
    {
        line.Send(Command("LPUSH"u8, "q"u8, Job()));
        line.ReadText();
    }

    internal override void PushPipelined(WireLine line, int count)
    {
        using var commands = new MemoryStream();
        for (var job = 0; job < count; job++)
            commands.Write(Command("LPUSH"u8, "q"u8, Job()));
        line.Send(commands.GetBuffer().AsSpan(0, (int)commands.Length));
        for (var job = 0; job < count; job++)
            line.ReadText();
    }

    internal override void PushMany(WireLine line, int count)
    {
        using var command = new MemoryStream();
        command.Write(Encoding.ASCII.GetBytes($"*{count + 2}\r\n$5\r\nLPUSH\r\n$1\r\nq\r\n"));
        for (var job = 0; job < count; job++)
        {
            command.Write("$200\r\n"u8);
            command.Write(Job());
            command.Write("\r\n"u8);
        }

        line.Send(command.GetBuffer().AsSpan(0, (int)command.Length));
        line.ReadText();
    }

    internal override bool FetchAndAck(WireLine line)
    {
        line.Send(_move);
        var job = line.ReadBulk();
        if (job.IsEmpty)
            return false;
        line.Send(Command("LREM"u8, "working"u8, "1"u8, job));
        line.ReadText();
        return true;
    }

    internal override bool FetchAndAckPipelined(WireLine line, int count)
    {
        using var commands = new MemoryStream();
        for (var job = 0; job < count; job++)
            commands.Write(_move);
        line.Send(commands.GetBuffer().AsSpan(0, (int)commands.Length));

        commands.SetLength(0);
        var fetched = 0;
        for (var reply = 0; reply < count; reply++)
        {
            var job = line.ReadBulk();
            if (job.IsEmpty)
                continue;
            commands.Write(Command("LREM"u8, "working"u8, "1"u8, job));
            fetched++;
        }

        line.Send(commands.GetBuffer().AsSpan(0, (int)commands.Length));
        for (var job = 0; job < fetched; job++)
            line.ReadText();
        return fetched == count;
    }

    internal override void Flush(WireLine line)
    {
        line.Send("FLUSHALL\r\n"u8);
        line.ReadText();
    }

    byte[] Job()
    {
        var job = new byte[jobBytes];
        job.AsSpan().Fill((byte)'x');
        _ = Interlocked.Increment(ref _jobs).TryFormat(job, out _, "x16", CultureInfo.InvariantCulture);
        return job;
    }

    // RESP's form of a command: an array of bulk strings.
    static byte[] Command(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default, ReadOnlySpan<byte> fourth = default)
    {
        using var command = new MemoryStream(256);
        command.Write(Encoding.ASCII.GetBytes($"*{3 + (third.IsEmpty ? 0 : 1) + (fourth.IsEmpty ? 0 : 1)}\r\n"));
        Add(verb);
        Add(first);
        Add(second);
        if (!third.IsEmpty)
            Add(third);
        if (!fourth.IsEmpty)
            Add(fourth);
        return command.ToArray();

        void Add(ReadOnlySpan<byte> part)
        {
            command.Write(Encoding.ASCII.GetBytes($"${part.Length}\r\n"));
            command.Write(part);
            command.Write("\r\n"u8);
        }
    }

    // Debian's redis-tools has the server too, under another name and without the service that redis-server starts at once. The
    // program goes by the name it is called with.
    string Executable()
    {
        if (Find("redis-server") is { } server)
            return server;
        var link = Path.Combine(Folder.FullName, "redis-server");
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, Find("redis-check-rdb")!);
        return link;
    }

    static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
