using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Faktory.Client;

namespace ControlPlane.Tests.Provisioning;

/// <summary>
/// Clients at one server, each with a queue of its own, whose jobs double in size until the server is gone. Each notes what it asked for before the
/// bytes leave, and what it was told after the answer has come.
/// </summary>
sealed class GrowingLoad(FaktoryUrl url)
{
    const int Clients = 32;
    const int PaddingBytesMin = 256;
    const int PaddingBytesMax = 4 << 20;

    // With the largest padding it is gigabytes by then.
    const int JobsMax = 60;

    readonly ConcurrentDictionary<string, Fate> fates = new();
    readonly FaktoryClientOptions options = new(url, TimeProvider.System);

    enum Fate { PushAsked, Promised, EndAsked, Ended }

    internal int Promised => fates.Values.Count(fate => fate != Fate.PushAsked);

    /// <summary>Returns when every client has lost its connection, or has been given all it wanted.</summary>
    internal Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Clients).Select(RunClientAsync));

    /// <summary>Takes and acknowledges what is left in the queues.</summary>
    internal async Task<List<string>> DrainAsync()
    {
        await using var worker = await FaktoryConnection.OpenAsync(options, new FaktoryIdentity("drain-1234567"));
        var left = new List<string>();
        while (await worker.SendAsync(FaktoryCommands.Fetch([.. Enumerable.Range(0, Clients).Select(Queue)])) is { } job)
        {
            left.Add(job.Jid);
            await worker.SendAsync(FaktoryCommands.Ack(job.Jid));
        }
        return left;
    }

    /// <summary>Fails on a job that was promised and is gone, on one that was acknowledged and is back, and on one that is there twice or that nobody pushed.</summary>
    internal void Compare(List<string> left)
    {
        left.ShouldBeUnique();
        left.ShouldBeSubsetOf(fates.Keys);
        fates.Where(job => job.Value == Fate.Promised).Select(job => job.Key).Except(left).ShouldBeEmpty("promised and lost");
        left.Where(jid => fates[jid] == Fate.Ended).ShouldBeEmpty("acknowledged and back");
    }

    async Task RunClientAsync(int client)
    {
        var waiting = new Queue<string>();
        try
        {
            await using var connection = await FaktoryConnection.OpenAsync(options, new FaktoryIdentity($"growing-{client:d3}"));
            var padding = PaddingBytesMin;
            for (var i = 0; i < JobsMax; i++)
            {
                var jid = $"job-{client:d2}-{i:d4}";
                fates[jid] = Fate.PushAsked;
                await connection.SendAsync(FaktoryCommands.Push(FaktoryJob.Create("Test", JsonValue.Create(new string('x', padding))) with { Jid = jid, Queue = Queue(client) }));
                fates[jid] = Fate.Promised;
                waiting.Enqueue(jid);
                if (i % 2 == 1)
                    await WorkAsync(connection, client, waiting.Dequeue());
                padding = Math.Min(2 * padding, PaddingBytesMax);
            }
        }
        catch (FaktoryException lost) when (lost is FaktoryConnectionException or FaktoryTimeoutException)
        {
            // The server is gone; what was asked for last is open.
        }
    }

    // A job whose FETCH was not answered may be reserved for this client: from the FETCH on its fate is open.
    async Task WorkAsync(FaktoryConnection connection, int client, string jid)
    {
        fates[jid] = Fate.EndAsked;
        (await connection.SendAsync(FaktoryCommands.Fetch([Queue(client)]))).ShouldNotBeNull().Jid.ShouldBe(jid);
        await connection.SendAsync(FaktoryCommands.Ack(jid));
        fates[jid] = Fate.Ended;
    }

    static string Queue(int client) => $"queue-{client:d2}";
}
