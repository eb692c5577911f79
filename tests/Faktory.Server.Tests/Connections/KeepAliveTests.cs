using System.Globalization;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Connections;

public sealed class KeepAliveTests
{
    const string Established = "01";
    const string KeepAliveTimer = "02:";

    [Fact]
    public async Task A_connection_that_says_nothing_is_probed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var local = "0100007F:" + server.Port.ToString("X4", CultureInfo.InvariantCulture);

        // The kernel has one timer a connection: first it waits for the client to confirm what it was sent.
        await server.UntilAsync(_ => TimerOf(local).StartsWith(KeepAliveTimer, StringComparison.Ordinal));
    }

    // sl local remote state queues timer:when …, as proc(5) has it
    static string TimerOf(string local) => File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Single(fields => fields[1] == local && fields[3] == Established)[5];
}
