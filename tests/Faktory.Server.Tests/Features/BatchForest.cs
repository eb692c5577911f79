using CsCheck;

namespace Faktory.Server.Tests.Features;

/// <summary>Batches of random shapes, some nested in others, and what must hold of the order in which their jobs are done.</summary>
sealed class BatchForest(BatchShape[] shapes)
{
    internal static readonly Gen<BatchShape> Shape =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Bool, Gen.Bool, (jobs, parent, complete, success) => new BatchShape(jobs, parent, complete, success || !complete));

    internal int Count => shapes.Length;

    /// <summary>The jids of a batch's jobs.</summary>
    internal IEnumerable<string> JobsOf(int batch) => Enumerable.Range(0, shapes[batch].Jobs).Select(j => $"job-{batch:D4}-{j}");

    /// <summary>Everything that is to be done once.</summary>
    internal IEnumerable<string> All => Enumerable.Range(0, Count).SelectMany(i =>
        JobsOf(i).Concat(shapes[i].HasComplete ? [$"complete-{i:D4}"] : []).Concat(shapes[i].HasSuccess ? [$"success-{i:D4}"] : []));

    internal string NewCommand(int batch, IReadOnlyList<string> bids)
    {
        string[] members =
        [
            .. ParentOf(batch) is { } parent ? (string[])[$"\"parent_bid\":\"{bids[parent]}\""] : [],
            .. shapes[batch].HasComplete ? (string[])[$"\"complete\":{Callback(batch, "complete")}"] : [],
            .. shapes[batch].HasSuccess ? (string[])[$"\"success\":{Callback(batch, "success")}"] : [],
        ];
        return $"BATCH NEW {{{string.Join(',', members)}}}";
    }

    internal void Check(IReadOnlyList<string> done)
    {
        done.Order(StringComparer.Ordinal).ShouldBe(All.Order(StringComparer.Ordinal));
        var at = done.Select((jid, i) => (jid, i)).ToDictionary(p => p.jid, p => p.i);
        for (var i = 0; i < Count; i++)
        {
            var success = at.GetValueOrDefault($"success-{i:D4}", int.MaxValue);
            if (shapes[i].HasComplete && shapes[i].HasSuccess)
                at[$"complete-{i:D4}"].ShouldBeLessThan(success);
            foreach (var job in JobsOf(i))
                at[job].ShouldBeLessThan(success);
            if (ParentOf(i) is not { } parent)
                continue;
            if (shapes[i].HasSuccess && shapes[parent].HasSuccess)
                success.ShouldBeLessThan(at[$"success-{parent:D4}"]);
            if (shapes[i].HasComplete && shapes[parent].HasComplete)
                at[$"complete-{i:D4}"].ShouldBeLessThan(at[$"complete-{parent:D4}"]);
        }
    }

    int? ParentOf(int batch) => shapes[batch].Parent > 0 && batch >= shapes[batch].Parent ? batch - shapes[batch].Parent : null;

    static string Callback(int batch, string name) => $$"""{"jid":"{{name}}-{{batch:D4}}","jobtype":"{{name}}","args":[],"queue":"callbacks"}""";
}

/// <param name="Jobs">How many.</param>
/// <param name="Parent">Nested in the one so many before it; 0 for none.</param>
/// <param name="HasComplete">Has that callback.</param>
/// <param name="HasSuccess">Has that callback.</param>
sealed record BatchShape(int Jobs, int Parent, bool HasComplete, bool HasSuccess);
