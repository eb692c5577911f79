using Faktory.Client;

namespace Faktory.Conformance.Survival;

/// <summary>
/// Accounts for every job that the server acknowledged. The journal's words: <c>ok</c> and <c>unknown</c> for pushes, <c>acked</c>
/// and <c>failed</c> for reports that the server took, <c>unacked</c> and <c>unfailed</c> for reports that it may have taken.
/// </summary>
static class LostJobs
{
    /// <summary>Kills the server each time so many jobs were acknowledged; it comes back on what it left behind.</summary>
    internal static async Task KillWhenReachedAsync(Func<Task> kill, Journal journal, CancellationToken cancel, params int[] acknowledgedCounts)
    {
        foreach (var count in acknowledgedCounts)
        {
            await journal.ReachedAsync("acked", count).WaitAsync(cancel);
            await kill();
        }
    }

    /// <summary>Exactly what the server acknowledged gets done.</summary>
    internal static async Task EverythingAcknowledgedIsDoneAsync(FaktoryProducer server, Journal journal, int pushes, CancellationToken cancel)
    {
        (await SettleAsync(server, journal)).ShouldBeEmpty();
        var pushed = journal.Jids("ok");
        pushed.Count.ShouldBe(pushes);

        // Failed jobs come back by themselves, up to a minute after their failure.
        await journal.ContainsAllAsync("acked", pushed).WaitAsync(cancel);

        // What the pusher never heard of may be there, and nothing else can.
        var unknown = journal.Jids("unknown");
        journal.Jids("acked").Except(pushed).Except(unknown).ShouldBeEmpty();
        journal.Jids("failed").Count.ShouldBeGreaterThan(0);
        var info = await server.InfoAsync(cancel);
        info.ShouldSatisfyAllConditions(
            () => info.TotalEnqueued.ShouldBe(0),
            () => info.Retries.ShouldBe(0),
            () => info.Dead.ShouldBe(0),
            () => info.Working!.Value.ShouldBeLessThanOrEqualTo(unknown.Count));
    }

    /// <summary>
    /// Empties the queue, then settles what the kills left behind: a job that is reserved for nobody, because the reply to its FETCH
    /// was lost, is put back.
    /// </summary>
    /// <returns>The jobs that are nowhere: no report of them is known and the server does not hold them.</returns>
    static async Task<IReadOnlyList<string>> SettleAsync(FaktoryProducer server, Journal journal)
    {
        await DrainAsync(server, journal);
        var nowhere = new List<string>();
        foreach (var jid in journal.Jids("ok").Except(journal.Jids("acked")).Except(journal.Jids("failed")))
        {
            if (await IsHeldAsync(server, jid))
                await server.SendAsync(FaktoryCommands.Verbatim($$$"""MUTATE {"cmd":"requeue","target":"retries","filter":{"jids":["{{{jid}}}"]}}"""));
            else if (journal.Jids("unacked").Contains(jid))
                journal.Write("acked", jid);
            else if (!journal.Jids("acked").Contains(jid) && !journal.Jids("unfailed").Contains(jid))
                nowhere.Add(jid);
        }

        return nowhere;
    }

    // A worker among others, until FETCH has waited in vain: no need to ask again and again how many are left.
    static async Task DrainAsync(FaktoryProducer server, Journal journal)
    {
        while (await server.SendAsync(FaktoryCommands.Fetch(["default"])) is { } job)
        {
            await server.SendAsync(FaktoryCommands.Ack(job.Jid));
            journal.Write("acked", job.Jid);
        }
    }

    // The server takes a FAIL only for a job that it holds as reserved.
    static async Task<bool> IsHeldAsync(FaktoryProducer server, string jid)
    {
        try
        {
            await server.SendAsync(FaktoryCommands.Fail(jid, "Lost", "its worker never heard of it", []));
            return true;
        }
        catch (FaktoryCommandException unknown) when (unknown.Message.StartsWith("Job not found", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
