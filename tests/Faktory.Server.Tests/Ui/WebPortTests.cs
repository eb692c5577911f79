using System.Net;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Ui;

namespace Faktory.Server.Tests.Ui;

/// <summary>Many who hold a connection open keep neither workers nor, for long, other people out.</summary>
public sealed class WebPortTests
{
    [Fact]
    public async Task One_connection_too_many_is_hung_up_on_and_commands_are_served()
    {
        await using var ui = await UiServer.StartAsync();
        var open = new List<Socket>();
        foreach (var _ in Enumerable.Range(0, WebPort.ConnectionsMax))
            open.Add(await AskAsync(ui, expectsAnswer: true));

        (await AskAsync(ui, expectsAnswer: false)).Dispose();

        await using (var client = await ui.ConnectAsync())
            await client.PushAsync("job-00001");
        foreach (var socket in open)
            socket.Dispose();
    }

    // A connection that is kept after its answer.
    static async Task<Socket> AskAsync(UiServer ui, bool expectsAnswer)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var answer = new byte[64];
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ui.Server.Host.WebEndpoint!.Port), patience.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"), patience.Token);
            var length = await socket.ReceiveAsync(answer, patience.Token);
            (length > 0).ShouldBe(expectsAnswer);
        }
        catch (SocketException) when (!expectsAnswer)
        {
            // A hang-up may be seen while connecting or sending too.
        }
        return socket;
    }
}
