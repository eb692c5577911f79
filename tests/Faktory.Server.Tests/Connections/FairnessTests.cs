using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Connections;

public sealed class FairnessTests
{
    const int JobsOfOthers = 50;
    const int LinesAtOnce = 8192;
    const int BusyClients = 30;

    [Theory]
    [InlineData("NONSENSE\r\n", "sync")]
    [InlineData("INFO\r\n", "sync")]
    [InlineData("BEAT {}\r\n", "interval")]
    public async Task A_client_that_never_pauses_keeps_nobody_waiting(string line, string durability)
    {
        await using var server = await TestServer.StartAsync(o => o with { Durability = Durability.Parse(durability) });
        await using var tireless = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        using var over = new CancellationTokenSource();
        var flood = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, LinesAtOnce)));
        var sending = SendAsync(tireless, flood, over.Token);
        var reading = ReadAsync(tireless, over.Token);

        for (var i = 0; i < JobsOfOthers; i++)
        {
            await other.PushAsync($"job-{i:D5}");
            (await other.FetchJidAsync()).ShouldBe($"job-{i:D5}");
        }

        sending.IsCompleted.ShouldBeFalse();
        await over.CancelAsync();
        await Task.WhenAll(sending, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Many_clients_that_promise_nothing_keep_no_promise_waiting()
    {
        await using var server = await TestServer.StartAsync();
        await using var other = await server.ConnectAsync();
        using var over = new CancellationTokenSource();
        var busy = Enumerable.Range(0, BusyClients).Select(_ => AskAsync(server, over.Token)).ToArray();

        for (var i = 0; i < JobsOfOthers; i++)
            await other.PushAsync($"job-{i:D5}");

        await over.CancelAsync();
        await Task.WhenAll(busy);
        (await other.QueueSizeAsync("default")).ShouldBe(JobsOfOthers);
    }

    static async Task AskAsync(TestServer server, CancellationToken over)
    {
        await using var client = await server.ConnectAsync();
        while (!over.IsCancellationRequested)
            await client.InfoAsync();
    }

    static async Task SendAsync(WireClient client, byte[] flood, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            await client.Stream.WriteAsync(flood, over);
    }

    static async Task ReadAsync(WireClient client, CancellationToken over)
    {
        var read = new byte[64 << 10];
        while (await client.Stream.ReadAsync(read, over) > 0)
        {
        }
    }
}
