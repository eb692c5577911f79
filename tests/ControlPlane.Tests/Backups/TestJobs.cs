using System.Text.Json.Nodes;
using BackupScheduler.Drills;
using Faktory.Client;

namespace ControlPlane.Tests.Backups;

/// <summary>Jobs on a server, over the protocol that customers use.</summary>
static class TestJobs
{
    internal static FaktoryClientOptions Client(this ThrowAwayServer server) => new(server.Url, TimeProvider.System);

    internal static FaktoryJob Job(string jid) => FaktoryJob.Create("Test", JsonValue.Create(new string('x', 200))) with { Jid = jid };

    internal static async Task PushAsync(this ThrowAwayServer server, params IEnumerable<string> jids)
    {
        await using var producer = new FaktoryProducer(server.Client());
        (await producer.PushBulkAsync([.. jids.Select(Job)])).ShouldBeEmpty();
    }

    /// <summary>Takes and acknowledges jobs of the default queue until it is empty; in the order they came.</summary>
    internal static async Task<List<string>> DrainAsync(this ThrowAwayServer server, int expected)
    {
        await using var worker = await FaktoryConnection.OpenAsync(server.Client(), new FaktoryIdentity("drain-1234567"));
        var jids = new List<string>();
        // One more than expected, because a job too many matters as much as one too few.
        while (await worker.SendAsync(FaktoryCommands.Fetch(["default"])) is { } job && jids.Count <= expected)
        {
            jids.Add(job.Jid);
            await worker.SendAsync(FaktoryCommands.Ack(job.Jid));
        }
        return jids;
    }
}
