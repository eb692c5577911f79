using System.Globalization;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Limits;

/// <summary>Lines far beyond the limit, against the real program, whose memory is looked at.</summary>
public sealed class EndlessLineTests(ITestOutputHelper output) : IDisposable
{
    const int Rounds = 10;
    const long LineBytes = 100 << 20;
    // A buffer of twice the longest line and the one before it, with some garbage: the server gives them back when it is quiet, and takes them anew.
    const long GrowthBytesMax = 32 << 20;

    const int LineBytesMax = 4 << 20;

    static readonly string TooLong = $"-ERR line too long: at most {LineBytesMax} bytes";
    static readonly byte[] Part = [.. Enumerable.Repeat((byte)'x', 1 << 20)];

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hundred_megabytes_of_one_line_end_in_an_error_and_take_little_memory()
    {
        await using var server = await StartAsync();
        await using var good = await server.ConnectAsync();
        // A line of the largest size first: what that takes is allowed.
        (await good.CallAsync("PUSH " + new string('x', LineBytesMax - 5)))!.ShouldStartWith("-ERR invalid JSON: ");
        var before = PrivateBytes(server);
        for (var round = 0; round < Rounds; round++)
        {
            await using var client = await server.ConnectAsync();
            await SendEndlessAsync(client);
            await good.PushAsync($"job-{round:D5}", "small");
        }
        var growth = PrivateBytes(server) - before;
        output.WriteLine($"{Rounds} times {LineBytes >> 20} MB: memory of its own from {before >> 20} MB by {growth >> 20} MB");
        growth.ShouldBeLessThan(GrowthBytesMax);
        (await good.QueueSizeAsync("small")).ShouldBe(Rounds);
    }

    [Fact]
    public async Task A_line_that_is_too_long_but_ends_is_told_why_it_is_refused()
    {
        await using var server = await StartAsync();
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 10; i++)
            await client.SendAsync(Part);
        await client.SendAsync("\n");
        (await client.ReadToEndAsync()).ShouldBe(TooLong + "\r\n");
    }

    Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        [ServerProcess.Program, "-b", "127.0.0.1:0", "-w", ":0", "-d", _folder["data"], "-c", _folder["config"], "--limit", $"line_bytes_max={LineBytesMax}"], []);

    // The error, then the end of the connection, seen while sending or reading.
    static async Task SendEndlessAsync(WireClient client)
    {
        var answer = client.ReadLineAsync();
        try
        {
            for (var sent = 0L; sent < LineBytes; sent += Part.Length)
                await client.SendAsync(Part);
        }
        catch (IOException)
        {
            // It was read for a while beyond the limit, and then no longer.
        }
        (await answer).ShouldBe(TooLong);
        (await client.ReadToEndAsync()).ShouldBe("");
    }

    // Without the pages of the program's file, which come and go.
    static long PrivateBytes(ServerProcess server) =>
        long.Parse(File.ReadLines($"/proc/{server.Id}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
}
