using System.Text;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Jobs;

/// <summary>Whatever is sent as JSON gets one answer, and the connection goes on.</summary>
public sealed class PathologicalJsonTests
{
    static readonly string[] verbs = ["PUSH", "PUSHB", "ACK", "FAIL", "BEAT"];

    [Fact]
    public async Task Each_of_them_has_one_answer_and_the_connection_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var document in Documents())
        {
            foreach (var verb in verbs)
            {
                await client.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(verb + " "), .. document, (byte)'\n', .. "FETCH\n"u8]);
                await client.ReadBulkOrLineAsync();
                (await client.ReadAsync()).ShouldBe("-ERR must call fetch with at least one queue", $"after {verb} {Show(document)}");
            }
        }
    }

    [Fact]
    public async Task What_is_not_text_is_not_stored()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var broken in Broken().Where(b => b[0] != '\\'))
        {
            await client.SendAsync((byte[])[.. "PUSH {\"jid\":\"12345678\",\"jobtype\":\"T\",\"args\":[\""u8, .. broken, .. "\"]}\n"u8]);
            (await client.ReadAsync())!.ShouldStartWith("-ERR invalid JSON: ", customMessage: Show(broken));
        }
        (await client.QueueSizeAsync("default")).ShouldBeNull();
    }

    static IEnumerable<byte[]> Documents()
    {
        foreach (var depth in (int[])[129, 1_000, 100_000])
        {
            yield return Repeat("[", depth);
            yield return Repeat("{\"a\":", depth);
            yield return [.. Repeat("[", depth), .. Repeat("]", depth)];
            yield return Job($"[{new string('[', depth)}{new string(']', depth)}]");
            yield return [.. "{\"failure\":"u8, .. Repeat("{\"retry_count\":", depth), .. Repeat("}", depth + 1)];
        }
        foreach (var number in (string[])["1e400", "-1e400", "1e-400", new string('9', 100_000), "0." + new string('9', 100_000), "1e99999999999", "-0", "00", "+1", ".5", "5.", "1e", "0x10", "NaN", "Infinity", "--1"])
        {
            yield return Job($"[{number}]");
            foreach (var member in (string[])["retry", "reserve_for", "priority", "backtrace", "jid", "at", "custom", "failure", "pid", "rss_kb"])
                yield return Job("[]", $"\"{member}\":{number}");
            yield return Job("[]", $"\"failure\":{{\"retry_count\":{number},\"remaining\":{number}}}");
        }
        foreach (var broken in Broken())
        {
            yield return broken;
            foreach (var member in (string[])["jid", "jobtype", "queue", "at", "created_at", "wid", "current_state", "message", "errtype", "unknown"])
                yield return [.. Encoding.ASCII.GetBytes($"{{\"{member}\":\""), .. broken, .. "\"}"u8];
            yield return [.. "{\""u8, .. broken, .. "\":1}"u8];
            yield return [.. "{\"failure\":{\"abcdefghijkl"u8, .. broken, .. "\":1}}"u8];
            yield return [.. "{\"backtrace\":[\""u8, .. broken, .. "\"],\"labels\":[\""u8, .. broken, .. "\"]}"u8];
        }
        foreach (var text in (string[])["", " ", "\t", "\0", "{\0}", "nul", "true", "\"", "\"\\", "\"\\u", "\"\\u12", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "[,]", "[1,]", "{}{}", "[] []", "{\"jid\":{}}", "{\"jid\":[]}", "{\"jid\":\"a\",\"jid\":1}", "\uFEFF{}", "/* */{}", "{}// end", "'{}'", "{'jid':'12345678'}", "{jid:1}", "\u00A0{}"])
            yield return Encoding.UTF8.GetBytes(text);
        yield return Job("[]", string.Join(',', Enumerable.Repeat("\"retry\":1", 10_000)));
        yield return Job("[]", string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"k{i}\":{i}")));
        yield return Job("[" + string.Join(',', Enumerable.Repeat("{}", 50_000)) + "]");
        yield return Job("[\"" + string.Concat(Enumerable.Repeat("\\u0000", 50_000)) + "\"]");
    }

    static byte[][] Broken() =>
    [
        [0xFF], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xF0, 0x9F, 0x98], [0x00], [0x1F], [0x0D], [0xFE, 0xFF],
        .. ((string[])["\\ud800", "\\udc00", "\\ud800\\ud800", "\\u12", "\\x"]).Select(Encoding.ASCII.GetBytes),
    ];

    static byte[] Job(string args, string more = "\"queue\":\"default\"") => Encoding.UTF8.GetBytes($$"""{"jid":"12345678","jobtype":"T","args":{{args}},{{more}}}""");

    static byte[] Repeat(string text, int times) => Encoding.ASCII.GetBytes(new StringBuilder().Insert(0, text, times).ToString());

    static string Show(byte[] document) => Encoding.Latin1.GetString(document.AsSpan(0, Math.Min(80, document.Length)));
}
