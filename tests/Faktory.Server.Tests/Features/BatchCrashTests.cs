using CsCheck;
using Faktory.Server.Tests.Engine;

namespace Faktory.Server.Tests.Features;

/// <summary>Batches of random shapes, worked through by workers that fail, with restarts at any point. A failure prints the seed.</summary>
public sealed class BatchCrashTests(ITestOutputHelper output)
{
    const int Batches = 1000;

    static readonly Gen<(int Jobs, int Parent, bool HasComplete, bool HasSuccess)> Shape =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Bool, Gen.Bool, (jobs, parent, complete, success) => (jobs, parent, complete, success || !complete));

    [Fact]
    public void Every_callback_fires_exactly_once_and_in_order()
    {
        var restarts = 0;
        Gen.Select(Shape.Array[20], Gen.Int).Sample((shapes, seed) => restarts += Play(shapes, new Random(seed)), iter: Batches / 20, threads: 1);
        output.WriteLine($"{Batches} batches, {restarts} restarts, 0 callbacks lost, doubled or early");
    }

    static int Play((int Jobs, int Parent, bool HasComplete, bool HasSuccess)[] shapes, Random random)
    {
        using var engine = new TestEngine();
        var restarts = 0;
        void MaybeRestart()
        {
            if (random.Next(25) != 0)
                return;
            restarts++;
            engine.Restart();
        }

        var bids = new string[shapes.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            var parent = ParentOf(shapes, i) is { } above ? $"\"parent_bid\":\"{bids[above]}\"," : "";
            var complete = shapes[i].HasComplete ? $"\"complete\":{Callback(i, "complete")}" : "";
            var success = shapes[i].HasSuccess ? $"\"success\":{Callback(i, "success")}" : "";
            bids[i] = Bulk(engine.Say($"BATCH NEW {{{parent}{complete}{(complete.Length > 0 && success.Length > 0 ? "," : "")}{success}}}")!);
            for (var j = 0; j < shapes[i].Jobs; j++)
                engine.Push($"job-{i:D4}-{j}", $$$""","custom":{"bid":"{{{bids[i]}}}"}""").ShouldBe("+OK");
            MaybeRestart();
        }
        foreach (var bid in bids)
        {
            engine.Say($"BATCH COMMIT {bid}").ShouldBe("+OK");
            MaybeRestart();
        }

        var done = new List<string>();
        while (true)
        {
            if (engine.Fetch("default callbacks") is not { } jid)
            {
                engine.Say("""MUTATE {"cmd":"requeue","target":"retries"}""").ShouldBe("+OK");
                if ((jid = engine.Fetch("default callbacks")) is null)
                    break;
            }
            MaybeRestart();
            if (random.Next(4) == 0)
            {
                engine.Say($$"""FAIL {"jid":"{{jid}}"}""").ShouldBe("+OK");
            }
            else
            {
                engine.Say($$"""ACK {"jid":"{{jid}}"}""").ShouldBe("+OK");
                done.Add(jid);
            }
            MaybeRestart();
        }
        Check(shapes, done);
        return restarts;
    }

    static void Check((int Jobs, int Parent, bool HasComplete, bool HasSuccess)[] shapes, List<string> done)
    {
        done.Distinct().Count().ShouldBe(done.Count);
        var at = done.Select((jid, i) => (jid, i)).ToDictionary(p => p.jid, p => p.i);
        at.Count.ShouldBe(shapes.Sum(s => s.Jobs + (s.HasComplete ? 1 : 0) + (s.HasSuccess ? 1 : 0)));
        for (var i = 0; i < shapes.Length; i++)
        {
            var success = at.GetValueOrDefault($"success-{i:D4}", int.MaxValue);
            if (shapes[i].HasComplete && shapes[i].HasSuccess)
                at[$"complete-{i:D4}"].ShouldBeLessThan(success);
            for (var j = 0; j < shapes[i].Jobs; j++)
                at[$"job-{i:D4}-{j}"].ShouldBeLessThan(success);
            if (ParentOf(shapes, i) is not { } parent)
                continue;
            if (shapes[i].HasSuccess && shapes[parent].HasSuccess)
                success.ShouldBeLessThan(at[$"success-{parent:D4}"]);
            if (shapes[i].HasComplete && shapes[parent].HasComplete)
                at[$"complete-{i:D4}"].ShouldBeLessThan(at[$"complete-{parent:D4}"]);
        }
    }

    // 0: none; else so many before it.
    static int? ParentOf((int Jobs, int Parent, bool, bool)[] shapes, int i) => shapes[i].Parent > 0 && i - shapes[i].Parent >= 0 ? i - shapes[i].Parent : null;

    static string Callback(int batch, string name) => $$"""{"jid":"{{name}}-{{batch:D4}}","jobtype":"{{name}}","args":[],"queue":"callbacks"}""";

    static string Bulk(string reply) => reply.TrimStart('$');
}
