using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F9: the machine's time of day is set while the server runs. Reservations go by a clock that nobody sets, schedules by the time of day.</summary>
public sealed class ChangedClockTests(ITestOutputHelper output) : IDisposable
{
    const string Faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("+2d")]
    [InlineData("-1h")]
    [InlineData("-2d")]
    [InlineData("+0 x5")]
    public async Task Nothing_expires_and_what_is_planned_comes_once(string change)
    {
        if (!File.Exists(Faketime))
            Assert.Skip("libfaketime, which sets a program's clock, is not there: apt-get install libfaketime");
        await SetClockAsync("+0");
        await using var server = await StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("working-1", "busy");
        (await client.FetchJidAsync("busy")).ShouldBe("working-1");
        await client.PushAsync("before--1", "planned", $"\"at\":\"{await LaterAsync(client, 15)}\"");

        await SetClockAsync(change);
        await client.PushAsync("after---1", "planned", $"\"at\":\"{await LaterAsync(client, 1)}\"");
        (await FetchPlannedAsync(client, change == "+2d" || change == "+0 x5" ? 2 : 1)).ShouldContain("after---1");
        (await client.CountAsync("working")).ShouldBeGreaterThanOrEqualTo(2);
        (await client.CountAsync("retries")).ShouldBe(0);

        // The clock is right again, and the other one's time comes.
        await SetClockAsync("+1h");
        if (await client.CountAsync("scheduled") > 0)
            (await FetchPlannedAsync(client, 1)).ShouldBe(["before--1"]);
        (await client.CountAsync("working")).ShouldBe(3);
        (await client.QueueSizeAsync("planned")).ShouldBe(0);
        (await client.CallAsync("""ACK {"jid":"working-1"}""")).ShouldBe("+OK");
        output.WriteLine($"{change}: expired 0, planned jobs once each, losses: 0");
    }

    static async Task<List<string>> FetchPlannedAsync(WireClient client, int count)
    {
        var fetched = new List<string>();
        // Each FETCH waits two seconds, and the server looks at its clock every five.
        for (var tries = 0; fetched.Count < count; tries++)
        {
            tries.ShouldBeLessThan(15, "what is planned does not come");
            if (await client.FetchJidAsync("planned") is { } jid)
                fetched.Add(jid);
        }
        return fetched;
    }

    static async Task<string> LaterAsync(WireClient client, int seconds) =>
        DateTimeOffset.Parse((await client.InfoAsync()).GetProperty("now").GetString()!, null).AddSeconds(seconds).ToString("O");

    // By a rename: the server reads it at any time.
    async Task SetClockAsync(string offset)
    {
        await File.WriteAllTextAsync(_folder["clock.next"], offset + "\n");
        File.Move(_folder["clock.next"], _folder["clock"], overwrite: true);
    }

    Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        [ServerProcess.Program, "-b", "127.0.0.1:0", "-w", ":0", "-d", _folder["data"], "-c", _folder["config"]],
        new()
        {
            ["LD_PRELOAD"] = Faketime,
            ["FAKETIME_TIMESTAMP_FILE"] = _folder["clock"],
            ["FAKETIME_NO_CACHE"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        });
}
