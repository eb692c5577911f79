using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Faktory.Server.Commands;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Protocol;
using Faktory.Server.Tests.Engine;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Jobs;

/// <summary>Bytes that nobody would send, in numbers. A failure prints the seed, with which CsCheck_Seed repeats it.</summary>
[Collection(Alone.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    const long GrowthBytesMax = 50 << 20;

    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    static int Inputs => int.Parse(Environment.GetEnvironmentVariable("FUZZ_INPUTS") ?? "100000", CultureInfo.InvariantCulture);

    static readonly string[] Valid =
    [
        "PUSH " + Job.Json("job-00001"),
        "PUSH " + Job.Json("job-00002", "two", "\"at\":\"2026-01-02T03:04:06Z\",\"retry\":1,\"reserve_for\":60,\"priority\":9"),
        "PUSH " + Job.Json("job-00003", "two", "\"failure\":{\"retry_count\":3,\"remaining\":2},\"custom\":{\"a\":[1,2,{}]},\"backtrace\":2"),
        "PUSHB [" + Job.Json("job-00004") + "," + Job.Json("job-00005") + "]",
        "FETCH default two",
        "ACK {\"jid\":\"job-00001\"}",
        "FAIL {\"jid\":\"job-00002\",\"errtype\":\"E\",\"message\":\"caf\\u00e9 \\ud83d\\ude00\",\"backtrace\":[\"a\",\"b\"]}",
        "BEAT {\"wid\":\"wid-1\",\"current_state\":\"quiet\",\"rss_kb\":1}",
        "MUTATE {\"cmd\":\"requeue\",\"target\":\"retries\",\"filter\":{\"jids\":[\"job-00001\"],\"jobtype\":\"T\",\"regexp\":\"*a?[b-d]\\\\*\"}}",
        "QUEUE PAUSE default",
        "QUEUE RESUME *",
        "QUEUE REMOVE two",
        "QUEUE LATENCY default",
        "INFO",
        "FLUSH",
        "HELLO {\"v\":2,\"wid\":\"w\",\"pid\":1,\"labels\":[\"a\"],\"pwdhash\":\"00\"}",
    ];

    // What breaks parsers, rather than any byte.
    static readonly byte[][] Spices =
    [
        .. ((string[])["\"", "\\", "{", "}", "[", "]", ":", ",", " ", "null", "true", "-1", "0", "1e400", "99999999999999999999", "\\u0000", "\\ud800", "\\udc00\\ud800", "\"\":", "{}", "[]", "\"jid\":", "\"failure\":", "\"args\":", "*", "\t", "\r"])
            .Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3], [0xF0, 0x9F],
    ];

    static readonly Gen<byte[]> Spiced =
        from line in Gen.OneOf(Valid)
        from cuts in Gen.Select(Gen.Int[0, 300], Gen.Int[0, 8], Gen.OneOf(Spices)).Array[1, 4]
        select cuts.Aggregate(Encoding.UTF8.GetBytes(line), Spoil);

    static readonly Gen<byte[]> Line = Gen.OneOf<byte[]>(Spiced, Spiced, Spiced, Gen.Byte.Array[0, 64]);

    [Fact]
    public void Any_line_has_one_well_formed_answer()
    {
        using var engine = new TestEngine();
        var count = 0;
        var (slowest, before) = (TimeSpan.Zero, GC.GetTotalMemory(forceFullCollection: true));
        Line.Sample(
            line =>
            {
                var began = Stopwatch.GetTimestamp();
                var session = count % 3 == 0 ? TestEngine.Producer() : TestEngine.Worker("wid-1");
                if (CommandReader.Read(line, session, new Traffic(engine.Clock), JobLimits.Default, 0) is not { } command)
                    return;
                if (command is not Refusal)
                    engine.Run(command);
                if (++count % 100 == 0)
                    engine.Pass(TimeSpan.FromSeconds(61));
                if (command.Answered.IsCompleted)
                    ShouldBeOneReply(command.Reply);
                var took = Stopwatch.GetElapsedTime(began);
                slowest = took > slowest ? took : slowest;
            },
            iter: Inputs, threads: 1, print: Show);
        engine.Say("FLUSH");
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Inputs} lines, {count} commands done, slowest {slowest.TotalMilliseconds:F0} ms, memory grown by {growth >> 10} kB");
        slowest.ShouldBeLessThan(AnswerWithin);
        growth.ShouldBeLessThan(GrowthBytesMax);
    }

    [Fact]
    public void Any_first_line_is_a_hello_or_none() =>
        Line.Sample(line => { Hello.TryRead(line); }, iter: Inputs, threads: 1, print: Show);

    [Fact]
    public void Lines_are_cut_where_the_line_feeds_are_however_they_arrive() =>
        Gen.Select(Gen.OneOf<byte>(Gen.Byte, Gen.OneOf((byte)'\r', (byte)'\n')).Array[0, 100], Gen.Int[1, 7])
            .Sample((bytes, packet) => ReadInPackets(bytes, packet).ShouldBe(Split(bytes)), iter: Inputs / 5, threads: 1);

    static List<string> ReadInPackets(byte[] bytes, int packet)
    {
        var lines = new List<string>();
        var (start, searched) = (0, 0L);
        for (var arrived = 0; arrived < bytes.Length;)
        {
            arrived = Math.Min(bytes.Length, arrived + packet);
            var buffer = Segments.Of(bytes.AsMemory(start, arrived - start), packet);
            while (LineReader.TryRead(ref buffer, ref searched, out var line))
                lines.Add(Encoding.Latin1.GetString(line.ToArray()));
            start = arrived - (int)buffer.Length;
        }
        return lines;
    }

    static List<string> Split(byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        return [.. lines[..^1].Select(line => line.EndsWith('\r') ? line[..^1] : line)];
    }

    static void ShouldBeOneReply(Reply reply)
    {
        var buffer = new ArrayBufferWriter<byte>();
        reply.WriteTo(buffer);
        var text = Encoding.Latin1.GetString(buffer.WrittenSpan);
        if (text == "$-1\r\n")
            return;
        if (text[0] == '$')
        {
            var end = text.IndexOf('\n', StringComparison.Ordinal) + 1;
            text.Length.ShouldBe(end + int.Parse(text.AsSpan(1, end - 3), null) + 2);
            return;
        }
        "+-".ShouldContain(text[0]);
        text.IndexOfAny(['\r', '\n']).ShouldBe(text.Length - 2);
    }

    static byte[] Spoil(byte[] line, (int At, int Length, byte[] Spice) cut)
    {
        var at = cut.At % (line.Length + 1);
        return [.. line[..at], .. cut.Spice, .. line[Math.Min(line.Length, at + cut.Length)..]];
    }

    static string Show(byte[] line) => $"{Encoding.Latin1.GetString(line)} = {Convert.ToHexString(line)}";
}
