using System.Text;
using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>The commands of a Faktory server. Nothing here talks to one.</summary>
public static class FaktoryCommands
{
    // The server keeps no more of a backtrace.
    const int backtraceLinesMax = 50;

    /// <summary>Enqueues or schedules a job.</summary>
    public static FaktoryCommand<string> Push(FaktoryJob job) =>
        new("PUSH", CommandLine.Json("PUSH", json => JobJson.Write(json, job)), Replies.Ok, isRepeatable: false);

    /// <summary>
    /// Enqueues or schedules many jobs, best about 1,000 at a time. The reply names the jobs that were refused, by jid, with the
    /// reason; the others are in. Not atomic.
    /// </summary>
    public static FaktoryCommand<IReadOnlyDictionary<string, string>> PushBulk(IReadOnlyCollection<FaktoryJob> jobs) =>
        new("PUSHB", CommandLine.Json("PUSHB", json =>
        {
            json.WriteStartArray();
            foreach (var job in jobs)
                JobJson.Write(json, job);
            json.WriteEndArray();
        }), Replies.Refusals, isRepeatable: false);

    /// <summary>
    /// Reserves the oldest job of the first of these queues that has one; null when all stay empty for 2 s.
    /// </summary>
    /// <exception cref="ArgumentException">No queue, or a name with a space or control character in it.</exception>
    public static FaktoryCommand<FaktoryJob?> Fetch(IReadOnlyCollection<string> queues) =>
        queues.Count == 0
            ? throw new ArgumentException("FETCH needs a queue", nameof(queues))
            : new("FETCH", CommandLine.Words(["FETCH", .. queues]), Replies.Job, isRepeatable: false);

    /// <summary>The job is done.</summary>
    public static FaktoryCommand<string> Ack(string jid) =>
        new("ACK", CommandLine.Jid("ACK", jid), Replies.Ok, isRepeatable: true);

    /// <summary>The job failed: the server retries it later, buries it or discards it, as its <see cref="FaktoryJob.Retry"/> says.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="errorType">Kept up to 100 bytes.</param>
    /// <param name="message">Kept up to 1000 bytes.</param>
    /// <param name="backtrace">Kept up to 50 lines.</param>
    public static FaktoryCommand<string> Fail(string jid, string errorType, string message, IEnumerable<string> backtrace) =>
        new("FAIL", CommandLine.Json("FAIL", json =>
        {
            json.WriteStartObject();
            json.WriteString("jid"u8, jid);
            json.WriteString("errtype"u8, errorType);
            json.WriteString("message"u8, message);
            json.WriteStartArray("backtrace"u8);
            foreach (var line in backtrace.Take(backtraceLinesMax))
                json.WriteStringValue(line);
            json.WriteEndArray();
            json.WriteEndObject();
        }), Replies.Ok, isRepeatable: false);

    /// <summary>The worker gives the job back: it is first in its queue again, as it was, and no retry is spent. Counts only on a connection of that worker.</summary>
    public static FaktoryCommand<string> Requeue(string jid) => new("REQUEUE", CommandLine.Jid("REQUEUE", jid), Replies.Ok, isRepeatable: false);

    /// <summary>
    /// Deletes a job that waits, is scheduled, is to be retried, or is at work; its worker hears of it with its next heartbeat. When
    /// there is none, the server refuses: <see cref="FaktoryCommandException.IsJobNotFound"/>.
    /// </summary>
    public static FaktoryCommand<string> Cancel(string jid) => new("CANCEL", CommandLine.Jid("CANCEL", jid), Replies.Ok, isRepeatable: true);

    /// <summary>The worker process lives. The reply is what the server wants of it.</summary>
    /// <param name="workerId">The wid of the HELLO.</param>
    /// <param name="state">What the process itself is up to; <see cref="FaktoryWorkerState.Running"/> is not sent.</param>
    /// <param name="memoryKilobytes">Resident memory of the process; null to leave it out.</param>
    public static FaktoryCommand<FaktoryOrders> Beat(string workerId, FaktoryWorkerState state = FaktoryWorkerState.Running, long? memoryKilobytes = null) =>
        new("BEAT", CommandLine.Json("BEAT", json =>
        {
            json.WriteStartObject();
            json.WriteString("wid"u8, workerId);
            if (state != FaktoryWorkerState.Running)
                json.WriteString("current_state"u8, state == FaktoryWorkerState.Quiet ? "quiet"u8 : "terminate"u8);
            if (memoryKilobytes is { } kilobytes)
                json.WriteNumber("rss_kb"u8, kilobytes);
            // Whoever does not say so is not told what was cancelled.
            json.WriteBoolean("cancels"u8, true);
            json.WriteEndObject();
        }), Replies.Orders, isRepeatable: true);

    /// <summary>The server's numbers.</summary>
    public static FaktoryCommand<FaktoryInfo> Info() => new("INFO", CommandLine.Words(["INFO"]), Replies.Info, isRepeatable: true);

    /// <summary>Deletes every job and every number of the server. There is no way back.</summary>
    public static FaktoryCommand<string> Flush() => new("FLUSH", CommandLine.Words(["FLUSH"]), Replies.Ok, isRepeatable: true);

    /// <summary>FETCH passes these queues over until they are resumed; <c>*</c> for all.</summary>
    public static FaktoryCommand<string> PauseQueues(params IReadOnlyCollection<string> queues) => Queue("PAUSE", queues, Replies.Ok);

    /// <summary>The same, saying more of it.</summary>
    /// <param name="queues">Their names; <c>*</c> for all.</param>
    /// <param name="reason">For people, at most 200 characters; null for none.</param>
    /// <param name="until">When the pause ends by itself; null when somebody has to end it.</param>
    public static FaktoryCommand<string> PauseQueues(IReadOnlyCollection<string> queues, string? reason, DateTimeOffset? until) =>
        queues.Count == 0
            ? throw new ArgumentException("QUEUE PAUSE needs a queue", nameof(queues))
            : new("QUEUE", CommandLine.Json(CommandLine.Join(["QUEUE", "PAUSE", .. queues]), json =>
            {
                json.WriteStartObject();
                if (reason is not null)
                    json.WriteString("reason"u8, reason);
                if (until is { } end)
                    json.WriteString("until"u8, end.ToUniversalTime());
                json.WriteEndObject();
            }), Replies.Ok, isRepeatable: true);

    /// <summary>Ends a pause; <c>*</c> for all.</summary>
    public static FaktoryCommand<string> ResumeQueues(params IReadOnlyCollection<string> queues) => Queue("RESUME", queues, Replies.Ok);

    /// <summary>Deletes these queues with the jobs in them; <c>*</c> for all. There is no way back.</summary>
    public static FaktoryCommand<string> RemoveQueues(params IReadOnlyCollection<string> queues) => Queue("REMOVE", queues, Replies.Ok);

    /// <summary>How long the oldest job of each queue has waited; zero for an empty or unknown queue. No wildcard.</summary>
    public static FaktoryCommand<IReadOnlyDictionary<string, TimeSpan>> QueueLatency(params IReadOnlyCollection<string> queues) =>
        Queue("LATENCY", queues, Replies.Latencies);

    /// <summary>Any other command, as it stands: the reply's text, null for a null reply.</summary>
    /// <exception cref="ArgumentException">There is a line break in it, which would make it two commands.</exception>
    public static FaktoryCommand<string?> Verbatim(string line) =>
        line.AsSpan().ContainsAny('\r', '\n')
            ? throw new ArgumentException("a command is one line", nameof(line))
            : new(line.Split(' ', 2)[0], Encoding.UTF8.GetBytes(line + "\r\n"), reply => reply.Kind == ReplyKind.Null ? null : reply.Text, isRepeatable: false);

    static FaktoryCommand<T> Queue<T>(string action, IReadOnlyCollection<string> queues, Func<Reply, T> read) =>
        queues.Count == 0
            ? throw new ArgumentException($"QUEUE {action} needs a queue", nameof(queues))
            : new("QUEUE", CommandLine.Words(["QUEUE", action, .. queues]), read, isRepeatable: true);
}
