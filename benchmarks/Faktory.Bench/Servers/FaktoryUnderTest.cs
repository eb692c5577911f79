using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Faktory.Bench.Servers;

/// <summary>Our server, with one of its modes of durability. Jobs are 200 bytes of JSON.</summary>
sealed partial class FaktoryUnderTest(string program, string durability, DirectoryInfo parent, string note = "") : BenchedServer("faktory " + durability + note, parent)
{
    const int jobBytes = 200;
    const int pushBytes = jobBytes + 7;
    const int ackBytesMax = 64;

    readonly byte[] _fetch = "FETCH default\r\n"u8.ToArray();
    byte[] _custom = [];
    long _jobs;

    /// <summary>What is put into each job's <c>custom</c>: the members of a JSON object; nothing when it is empty.</summary>
    internal string Custom
    {
        set => _custom = value.Length == 0 ? [] : Encoding.UTF8.GetBytes($"\"custom\":{{{value}}},");
    }

    /// <summary>Whether all features are switched on or off, in an instance file; null for a server without one.</summary>
    internal bool? HasFeatures { get; init; }

    /// <summary>Writes a file of <c>conf.d</c>, which the next start reads.</summary>
    internal void Configure(string toml)
    {
        Directory.CreateDirectory(Path.Combine(Folder.FullName, "conf.d"));
        File.WriteAllText(Path.Combine(Folder.FullName, "conf.d", "bench.toml"), toml);
    }

    protected override ProcessStartInfo Program()
    {
        string[] arguments = ["-b", $"127.0.0.1:{Port}", "-w", ":0", "-e", "development", "-d", Path.Combine(Folder.FullName, "data"), "-c", Folder.FullName, "--durability", durability];
        if (HasFeatures is { } hasFeatures)
            arguments = [.. arguments, "--instance-file", InstanceFile.Write(Folder, hasFeatures)];
        var start = program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        return start;
    }

    protected override bool TellsItIsBound(string line)
    {
        if (BoundPort().Match(line) is not { Success: true } match)
            return false;
        Port = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return true;
    }

    protected override WireLine Enter(WireLine line)
    {
        line.Send(InstanceFile.Hello(line.ReadText()));
        line.ExpectOk();
        return line;
    }

    internal override void Push(WireLine line)
    {
        Span<byte> command = stackalloc byte[pushBytes];
        WritePush(command);
        line.Send(command);
        line.ExpectOk();
    }

    internal override void PushPipelined(WireLine line, int count)
    {
        var commands = new byte[count * pushBytes];
        for (var job = 0; job < count; job++)
            WritePush(commands.AsSpan(job * pushBytes, pushBytes));
        line.Send(commands);
        for (var job = 0; job < count; job++)
            line.ExpectOk();
    }

    internal override void PushMany(WireLine line, int count)
    {
        var command = new byte[("PUSHB []\r\n".Length - 1) + (count * (jobBytes + 1))];
        "PUSHB ["u8.CopyTo(command);
        for (var job = 0; job < count; job++)
        {
            var at = 7 + (job * (jobBytes + 1));
            WriteJob(command.AsSpan(at, jobBytes));
            command[at + jobBytes] = (byte)',';
        }

        "]\r\n"u8.CopyTo(command.AsSpan(command.Length - 3));
        line.Send(command);
        if (!line.ReadBulk().SequenceEqual("{}"u8))
            throw new InvalidOperationException("the server refused some jobs");
    }

    internal override bool FetchAndAck(WireLine line)
    {
        line.Send(_fetch);
        var job = line.ReadBulk();
        if (job.IsEmpty)
            return false;

        Span<byte> command = stackalloc byte[ackBytesMax];
        line.Send(command[..WriteAck(command, job)]);
        line.ExpectOk();
        return true;
    }

    /// <summary>Takes a job and keeps it; false when there is none.</summary>
    internal bool Fetch(WireLine line)
    {
        line.Send(_fetch);
        return !line.ReadBulk().IsEmpty;
    }

    internal override bool FetchAndAckPipelined(WireLine line, int count)
    {
        var fetches = new byte[count * _fetch.Length];
        for (var job = 0; job < count; job++)
            _fetch.CopyTo(fetches, job * _fetch.Length);
        line.Send(fetches);

        var acks = new byte[count * ackBytesMax];
        var (length, fetched) = (0, 0);
        for (var reply = 0; reply < count; reply++)
        {
            var job = line.ReadBulk();
            if (job.IsEmpty)
                continue;
            length += WriteAck(acks.AsSpan(length), job);
            fetched++;
        }

        line.Send(acks.AsSpan(0, length));
        for (var job = 0; job < fetched; job++)
            line.ExpectOk();
        return fetched == count;
    }

    internal override void Flush(WireLine line)
    {
        line.Send("FLUSH\r\n"u8);
        line.ExpectOk();
    }

    void WritePush(Span<byte> command)
    {
        "PUSH "u8.CopyTo(command);
        WriteJob(command.Slice(5, jobBytes));
        "\r\n"u8.CopyTo(command[(jobBytes + 5)..]);
    }

    // {…"jid":"…"…}: enough of a parser for jobs of our own.
    static int WriteAck(Span<byte> command, ReadOnlySpan<byte> job)
    {
        var jid = job[(job.IndexOf("\"jid\":\""u8) + 7)..];
        jid = jid[..jid.IndexOf((byte)'"')];
        "ACK {\"jid\":\""u8.CopyTo(command);
        jid.CopyTo(command[12..]);
        "\"}\r\n"u8.CopyTo(command[(12 + jid.Length)..]);
        return 16 + jid.Length;
    }

    void WriteJob(Span<byte> job)
    {
        Span<byte> jid = stackalloc byte[16];
        _ = Interlocked.Increment(ref _jobs).TryFormat(jid, out _, "x16", CultureInfo.InvariantCulture);
        var head = "{\"jid\":\""u8;
        var middle = "\",\"jobtype\":\"Bench\",\"queue\":\"default\","u8;
        var tail = "\"args\":[\""u8;
        var custom = _custom;
        job.Fill((byte)'x');
        var at = 0;
        Append(head, job, ref at);
        Append(jid, job, ref at);
        Append(middle, job, ref at);
        Append(custom, job, ref at);
        Append(tail, job, ref at);
        // Arguments that differ, so that unique jobs are.
        Append(jid, job, ref at);
        "\"]}"u8.CopyTo(job[^3..]);
    }

    static void Append(ReadOnlySpan<byte> part, Span<byte> job, ref int at)
    {
        part.CopyTo(job[at..]);
        at += part.Length;
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex BoundPort();
}
