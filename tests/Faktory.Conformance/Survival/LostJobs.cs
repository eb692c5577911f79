using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Survival;

/// <summary>
/// Accounts for every job that the server acknowledged. The journal's words: <c>ok</c> and <c>unknown</c> for pushes, <c>acked</c>
/// and <c>failed</c> for reports that the server took, <c>unacked</c> and <c>unfailed</c> for reports that it may have taken.
/// </summary>
static class LostJobs
{
    /// <summary>Kills the server each time so many jobs were acknowledged, and starts it again on what it left behind.</summary>
    internal static async Task KillWhenReachedAsync(ServerProcess server, Journal journal, CancellationToken cancel, params int[] acknowledgedCounts)
    {
        foreach (var count in acknowledgedCounts)
        {
            await journal.ReachedAsync("acked", count).WaitAsync(cancel);
            await server.KillAsync();
            await server.StartAgainAsync();
        }
    }

    /// <summary>
    /// Empties the queue, then settles what the kills left behind: a job that is reserved for nobody, because the reply to its FETCH
    /// was lost, is put back.
    /// </summary>
    /// <returns>The jobs that are nowhere: no report of them is known and the server does not hold them.</returns>
    internal static async Task<IReadOnlyList<string>> SettleAsync(FaktoryProducer server, Journal journal)
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
