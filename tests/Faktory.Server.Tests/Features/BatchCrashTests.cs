using CsCheck;
using Faktory.Server.Tests.Engine;

namespace Faktory.Server.Tests.Features;

/// <summary>Batches of random shapes, worked through by workers that fail, with restarts at any point. A failure prints the seed.</summary>
public sealed class BatchCrashTests(ITestOutputHelper output)
{
    const int Batches = 1000;
    const int Together = 20;

    [Fact]
    public void Every_callback_fires_exactly_once_and_in_order()
    {
        var restarts = 0;
        Gen.Select(BatchForest.Shape.Array[Together], Gen.Int).Sample((shapes, seed) => restarts += Play(new BatchForest(shapes), new Random(seed)), iter: Batches / Together, threads: 1);
        output.WriteLine($"{Batches} batches, {restarts} restarts, 0 callbacks lost, doubled or early");
    }

    static int Play(BatchForest forest, Random random)
    {
        using var engine = new TestEngine();
        var restarts = 0;
        string Say(string line)
        {
            if (random.Next(25) == 0)
            {
                restarts++;
                engine.Restart();
            }
            return engine.Say(line)!;
        }

        var bids = new List<string>();
        for (var i = 0; i < forest.Count; i++)
        {
            bids.Add(Say(forest.NewCommand(i, bids)).TrimStart('$'));
            foreach (var jid in forest.JobsOf(i))
                Say($$$"""PUSH {"jid":"{{{jid}}}","jobtype":"T","args":[],"custom":{"bid":"{{{bids[i]}}}"}}""").ShouldBe("+OK");
        }
        foreach (var bid in bids)
            Say($"BATCH COMMIT {bid}").ShouldBe("+OK");

        var log = new BatchLog();
        while (engine.Fetch("default callbacks") is { } jid || (Say("""MUTATE {"cmd":"requeue","target":"retries"}""") == "+OK" && (jid = engine.Fetch("default callbacks")) is not null))
        {
            log.Start(jid!);
            var fails = random.Next(4) == 0;
            Say(fails ? $$"""FAIL {"jid":"{{jid}}"}""" : $$"""ACK {"jid":"{{jid}}"}""").ShouldBe("+OK");
            if (fails)
                log.Fail(jid!);
            else
                log.Finish(jid!);
        }
        forest.Check(log);
        return restarts;
    }
}
