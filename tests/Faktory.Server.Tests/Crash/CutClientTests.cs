using System.Globalization;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F11: a client is cut off between its PUSH and the answer. It cannot know; there is one copy then, or none.</summary>
public sealed class CutClientTests(ITestOutputHelper output)
{
    const int Jobs = 50;

    [Fact]
    public async Task A_job_whose_answer_never_arrived_is_there_once_or_not_at_all()
    {
        using var folder = new TestFolder();
        var random = new Random(CrashCount.Seed);
        var history = new History();
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            for (var round = 0; round < CrashCount.Of(20); round++)
            {
                var client = await server.ConnectAsync();
                var jids = Enumerable.Range(0, Jobs).Select(i => string.Create(CultureInfo.InvariantCulture, $"cut-{round:D4}-{i:D2}")).ToArray();
                foreach (var jid in jids)
                    history.AskPush(jid);
                await client.SendAsync(string.Concat(jids.Select(jid => $"PUSH {Job.Json(jid)}\n")));
                foreach (var jid in jids.Take(random.Next(Jobs)))
                {
                    (await client.ReadAsync()).ShouldBe("+OK");
                    history.TellPush(jid);
                }
                client.Reset();
            }
            await server.KillAsync();
        }
        using var store = JobStore.Open(Path.Combine(folder["data"], "main"));
        // Throws on a job that is there twice.
        var stored = History.Stored(store);
        history.Invented(stored).ShouldBeEmpty();
        output.WriteLine($"seed {CrashCount.Seed}: {CrashCount.Of(20)} cuts, {history.Pushed} promised, {stored.Count} stored, losses: {history.Losses(stored).Length}");
        history.Losses(stored).ShouldBeEmpty();
    }
}
