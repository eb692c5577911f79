using System.IO.Pipelines;
using System.Text;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Tests.Connections;

public sealed class StoppingConnectionTests
{
    [Fact]
    public async Task Command_that_arrives_while_the_server_stops_is_refused_and_the_last_one()
    {
        await using var server = await TestServer.StartAsync();
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var connection = new DefaultConnectionContext("test") { Transport = new Duplex(toServer.Reader, toClient.Writer) };
        var client = new ClientConnection(connection, server.State, server.Engine, new Session(() => { }));
        await toServer.Writer.WriteAsync("FLUSH\r\nFLUSH\r\n"u8.ToArray());

        client.Stop();
        await client.RunAsync();

        await toClient.Writer.CompleteAsync();
        var answer = await toClient.Reader.ReadAtLeastAsync(1000);
        Encoding.UTF8.GetString(answer.Buffer.FirstSpan).ShouldBe("-ERR shutdown in progress\r\n");
    }

    sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
