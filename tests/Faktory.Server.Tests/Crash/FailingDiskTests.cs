using System.Diagnostics;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F6: the real program on a disk that fails: nothing is promised from then on, and nothing that was is lost.</summary>
public sealed class FailingDiskTests(ITestOutputHelper output) : IDisposable
{
    const int StorageFailed = 74;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Failing_sync_is_never_followed_by_a_promise()
    {
        if (!File.Exists("/usr/bin/fiu-run"))
            Assert.Skip("fiu-run, which makes a sync fail, is not there: apt-get install fiu-utils");
        var promised = new List<string>();
        await using (var server = await ServerProcess.StartAsync(_folder["data"], "fiu-run", "-x", "-f", _folder["fiu"]))
        {
            await using var client = await server.ConnectAsync();
            while (promised.Count < 200)
                (await TryPushAsync(client, promised)).ShouldBeTrue();

            await MakeSyncsFailAsync(server);

            (await TryPushAsync(client, promised)).ShouldBeFalse();
            await ShouldEndAsync(server, "fdatasync");
        }
        await ShouldHaveAsync(promised);
    }

    [Fact]
    public async Task One_sync_in_a_hundred_that_fails_costs_nothing_that_was_promised()
    {
        if (!File.Exists("/usr/bin/fiu-run"))
            Assert.Skip("fiu-run, which makes a sync fail, is not there: apt-get install fiu-utils");
        for (var round = 0; round < CrashCount.Of(10); round++)
        {
            var promised = new List<string>();
            await using (var server = await ServerProcess.StartAsync(_folder[$"data-{round}"], "fiu-run", "-x", "-f", _folder["fiu"]))
            {
                await using var client = await server.ConnectAsync();
                await MakeSyncsFailAsync(server, "enable_random", ",probability=0.01");
                while (await TryPushAsync(client, promised))
                    promised.Count.ShouldBeLessThan(10_000);
                await ShouldEndAsync(server, "fdatasync");
            }
            await ShouldHaveAsync(promised, $"data-{round}");
            output.WriteLine($"round {round}: a sync failed after {promised.Count} promises, losses: 0");
        }
    }

    [Fact]
    public async Task Failing_write_is_never_followed_by_a_promise()
    {
        var promised = new List<string>();
        // A limit on the size of files, whose signal is ignored: beyond it, write fails as on a full disk, in the middle of a record.
        await using (var server = await ServerProcess.StartAsync(_folder["data"], "bash", "-c", "trap '' XFSZ; ulimit -f 300; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"", "--"))
        {
            await using var client = await server.ConnectAsync();
            while (await TryPushAsync(client, promised))
                promised.Count.ShouldBeLessThan(10_000);
            await ShouldEndAsync(server, "File too large");
        }
        promised.Count.ShouldBeGreaterThan(100);
        await ShouldHaveAsync(promised);
    }

    // False when there was no answer at all; any answer but +OK is a failure of the test.
    static async Task<bool> TryPushAsync(WireClient client, List<string> promised)
    {
        var jid = $"job-{promised.Count:D6}";
        try
        {
            await client.SendAsync($"PUSH {Job.Json(jid)}\r\n");
            if (await client.TryReadAsync() is not { } answer)
                return false;
            answer.ShouldBe("+OK");
        }
        catch (IOException)
        {
            // The server is gone between two jobs.
            return false;
        }
        promised.Add(jid);
        return true;
    }

    async Task MakeSyncsFailAsync(ServerProcess server, string verb = "enable", string more = "")
    {
        const int InputOutputError = 5;
        using var control = Process.Start("fiu-ctrl", ["-f", _folder["fiu"], "-c", $"{verb} name=posix/io/sync/*,failinfo={InputOutputError}{more}", $"{server.Id}"]);
        await control.WaitForExitAsync();
        control.ExitCode.ShouldBe(0);
    }

    static async Task ShouldEndAsync(ServerProcess server, string reason)
    {
        var (code, errors) = await server.EndAsync();
        code.ShouldBe(StorageFailed);
        errors.ShouldContain("nothing is acknowledged any more");
        errors.ShouldContain(reason);
    }

    async Task ShouldHaveAsync(List<string> promised, string data = "data")
    {
        await using var server = await ServerProcess.StartAsync(_folder[data]);
        await using var client = await server.ConnectAsync();
        foreach (var jid in promised)
            (await client.FetchJidAsync()).ShouldBe(jid);
    }
}
