using System.Net.Sockets;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Connections;

public sealed class HalfClosedClientTests
{
    [Fact]
    public async Task What_a_client_said_before_it_hung_up_is_all_answered_in_order_but_it_gets_no_job()
    {
        await using var server = await TestServer.StartAsync();
        await (await server.ConnectAsync()).PushAsync("job-00001");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", server.Port);
        await socket.SendAsync("HELLO {\"v\":2}\r\n"u8.ToArray());
        var client = new WireClient(new NetworkStream(socket));
        (await client.ReadLineAsync()).ShouldStartWith("+HI ");
        (await client.ReadLineAsync()).ShouldBe("+OK");
        await client.SendAsync($"PUSH {Job.Json("job-00002")}\r\nFETCH nothing\r\nPUSH {Job.Json("job-00003")}\r\nFETCH nothing\r\n");
        socket.Shutdown(SocketShutdown.Send);

        (await client.ReadToEndAsync()).ShouldBe("+OK\r\n$-1\r\n+OK\r\n$-1\r\n");
        var other = await server.ConnectAsync();
        foreach (var jid in (string[])["job-00001", "job-00002", "job-00003"])
            (await other.FetchJidAsync()).ShouldBe(jid);
    }

    [Fact]
    public async Task A_client_that_vanishes_while_it_waits_leaves_the_next_job_to_others()
    {
        await using var server = await TestServer.StartAsync();
        var vanishing = await server.ConnectAsync();
        await vanishing.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync();
        await vanishing.DisposeAsync();
        await server.UntilWaitingAsync(0);

        var other = await server.ConnectAsync();
        await other.PushAsync("job-00001");
        (await other.FetchJidAsync()).ShouldBe("job-00001");
    }
}
