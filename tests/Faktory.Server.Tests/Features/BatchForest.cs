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

    /// <summary>
    /// Each job and each callback was done once. A complete callback was given out when all jobs in it, nested ones too, had been tried, and the nested
    /// complete callbacks were done; a success callback when all of that was done, its own complete callback and the nested success callbacks included.
    /// </summary>
    internal void Check(BatchLog log)
    {
        log.Done.Order(StringComparer.Ordinal).ShouldBe(All.Order(StringComparer.Ordinal));
        for (var i = 0; i < Count; i++)
        {
            var (complete, success) = ($"complete-{i:D4}", $"success-{i:D4}");
            if (shapes[i] is { HasComplete: true, HasSuccess: true })
                log.ShouldHaveFinishedBefore(complete, success);
            // Whatever stands between them: a batch in the middle may have neither callback.
            for (int? above = i; above is { } outer; above = ParentOf(outer))
            {
                if (shapes[outer].HasComplete)
                {
                    foreach (var job in JobsOf(i))
                        log.ShouldHaveExecutedBefore(job, $"complete-{outer:D4}");
                    if (outer != i && shapes[i].HasComplete)
                        log.ShouldHaveFinishedBefore(complete, $"complete-{outer:D4}");
                }
                if (!shapes[outer].HasSuccess)
                    continue;
                foreach (var job in JobsOf(i))
                    log.ShouldHaveFinishedBefore(job, $"success-{outer:D4}");
                if (outer != i && shapes[i].HasSuccess)
                    log.ShouldHaveFinishedBefore(success, $"success-{outer:D4}");
                if (outer != i && shapes[i].HasComplete)
                    log.ShouldHaveFinishedBefore(complete, $"success-{outer:D4}");
            }
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
