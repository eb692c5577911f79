using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Tests.Crash;

/// <summary>What one client asked for and what it was told. Asked before the bytes leave, told after the answer has come.</summary>
sealed class History
{
    readonly HashSet<string> _pushAsked = [];
    readonly HashSet<string> _pushTold = [];
    readonly HashSet<string> _ackAsked = [];
    readonly HashSet<string> _ackTold = [];

    internal int Pushed => _pushTold.Count;

    internal int Acknowledged => _ackTold.Count;

    internal void AskPush(string jid) => _pushAsked.Add(jid);

    internal void TellPush(string jid) => _pushTold.Add(jid);

    internal void AskAck(string jid) => _ackAsked.Add(jid);

    internal void TellAck(string jid) => _ackTold.Add(jid);

    internal static History Join(IEnumerable<History> histories)
    {
        var all = new History();
        foreach (var history in histories)
        {
            all._pushAsked.UnionWith(history._pushAsked);
            all._pushTold.UnionWith(history._pushTold);
            all._ackAsked.UnionWith(history._ackAsked);
            all._ackTold.UnionWith(history._ackTold);
        }
        return all;
    }

    /// <summary>Jobs that were promised and are neither stored nor possibly done.</summary>
    internal string[] Losses(IReadOnlySet<string> stored) => [.. _pushTold.Where(jid => !stored.Contains(jid) && !_ackAsked.Contains(jid))];

    /// <summary>Jobs whose end was promised, and that are still stored.</summary>
    internal string[] Risen(IReadOnlySet<string> stored) => [.. _ackTold.Where(stored.Contains)];

    /// <summary>Jobs that nobody ever pushed.</summary>
    internal string[] Invented(IReadOnlySet<string> stored) => [.. stored.Except(_pushAsked)];

    /// <summary>The jids of all jobs in a store: queued, at work, scheduled, to be retried or dead.</summary>
    internal static HashSet<string> Stored(JobStore store)
    {
        var jids = new HashSet<string>();
        foreach (var kind in (byte[])[Keys.Job, Keys.Scheduled, Keys.Retries, Keys.Dead])
        {
            using var jobs = store.Database.Scan([kind], [(byte)(kind + 1)]);
            for (; jobs.IsValid; jobs.Next())
                jids.Add(System.Text.Encoding.UTF8.GetString(JobRecord.Read(jobs.CopyValue()).Jid)).ShouldBeTrue("a job is stored twice");
        }
        return jids;
    }
}
