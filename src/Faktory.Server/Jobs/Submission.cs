using System.Buffers;
using System.Text;
using System.Text.Json;
using Faktory.Server.Debouncing;

namespace Faktory.Server.Jobs;

/// <summary>
/// A job as a client pushed it: checked, completed with the members that the server fills in, and ready to be stored.
/// Made on the connection's thread, so that the engine does not read JSON.
/// </summary>
/// <param name="Record">The job's bytes.</param>
/// <param name="Queue">A valid queue name.</param>
/// <param name="Lane">10 − priority.</param>
/// <param name="DueAt">100 ns since 1970; null when the job goes into its queue at once.</param>
/// <param name="Traits">What its <c>custom</c> asks of the server.</param>
/// <param name="UniqueUntil">When its lock ends by itself, 100 ns since 1970; only while it is new and unique.</param>
/// <param name="Window">How long it waits to be replaced; only while it is new and debounced.</param>
sealed record Submission(JobRecord Record, string Queue, byte Lane, long? DueAt, JobTraits Traits, long? UniqueUntil = null, DebounceWindow? Window = null)
{
    internal const int JidBytesMin = 8;
    const int ReserveForSecondsMax = 86400;

    static readonly SearchValues<char> QueueNameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Of the characters that are allowed; how long it may be is a limit of its own.</summary>
    internal static bool IsQueueName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(QueueNameCharacters);

    /// <summary>Checks in the order, and refuses with the texts, of the original.</summary>
    /// <exception cref="JsonException">Not JSON, or a known member is of the wrong type.</exception>
    internal static string? TryCreate(ReadOnlySpan<byte> json, in JobFields fields, JobLimits limits, long now, out Submission? submission)
    {
        submission = null;
        if (fields.Jid.Length < JidBytesMin)
            return "jobs must have a reasonable jid parameter";
        if (fields.Jid.Length > limits.JidBytesMax)
            return $"jobs must have a jid of at most {limits.JidBytesMax} bytes";
        if (!fields.HasJobType)
            return "jobs must have a jobtype parameter";
        if (!fields.HasArgs)
            return "jobs must have an args parameter";
        if (fields.ReserveForSeconds > ReserveForSecondsMax)
            return "jobs cannot be reserved for more than one day";
        long? due = null;
        if (fields.At.Length > 0)
        {
            if (!Rfc3339.TryParse(fields.At, out var at))
                return $"invalid timestamp for 'at': {Rfc3339.Describe(fields.At)}";
            due = at > now ? at : null;
        }
        var queue = fields.Queue.Length == 0 ? "default" : fields.Queue;
        // Also when it is for later: the original accepts such a job and destroys it when it is due.
        if (queue.Length > limits.QueueNameBytesMax)
            return $"queue names must have at most {limits.QueueNameBytesMax} bytes";
        if (!IsQueueName(queue))
            return $"cannot get \"{queue}\" queue: queue names must match \\A[a-zA-Z0-9._-]+\\z";

        if (JobDemands.TryRead(json, fields, queue, due, now, out var asked) is { } refusal)
            return refusal;
        submission = new Submission(
            Complete(json, fields, now, asked.DueAt is null, asked.Traits.Write()), queue, LaneOf(fields.Priority), asked.DueAt, asked.Traits, asked.UniqueUntil, asked.Window);
        return null;
    }

    /// <summary>The same job, of which the server wants something else.</summary>
    internal Submission With(JobTraits traits) => this with { Record = Record.With(traits), Traits = traits, UniqueUntil = null, Window = null };

    /// <summary>A stored job on its way back into its queue.</summary>
    internal static Submission Requeue(JobRecord stored, long now)
    {
        var json = stored.Json.Span;
        var fields = JobFields.Read(json);
        var spliced = JobSplice.Apply(json, fields, [JobEdit.Text(JobKey.EnqueuedAt, Rfc3339.Format(now))]);
        return new Submission(JobRecord.Create(stored.Jid, stored.ReserveForSeconds, now, stored.Traits, spliced), fields.Queue, LaneOf(fields.Priority), null, JobTraits.Read(stored.Traits));
    }

    static byte LaneOf(int priority) => (byte)(10 - priority);

    static JobRecord Complete(ReadOnlySpan<byte> json, in JobFields fields, long now, bool isEnqueued, byte[] traits)
    {
        var reserveFor = (int)Math.Max(fields.ReserveForSeconds, int.MinValue);
        var enqueuedAt = isEnqueued ? now : 0;
        if (!fields.IsUnusual && !HasBlanks(fields))
            return JobRecord.Create(fields.Jid, reserveFor, enqueuedAt, traits, json[..json.LastIndexOf((byte)'}')], Ending(fields, isEnqueued, now));

        var edits = new List<JobEdit>(4);
        if (fields.Retry is null)
            edits.Add(new JobEdit(JobKey.Retry, "25"u8.ToArray()));
        if (fields.Queue.Length == 0)
            edits.Add(JobEdit.Text(JobKey.Queue, "default"));
        if (!fields.HasCreatedAt)
            edits.Add(JobEdit.Text(JobKey.CreatedAt, Rfc3339.Format(now)));
        edits.Add(isEnqueued ? JobEdit.Text(JobKey.EnqueuedAt, Rfc3339.Format(now)) : new JobEdit(JobKey.EnqueuedAt, null));
        return JobRecord.Create(fields.Jid, reserveFor, enqueuedAt, traits, JobSplice.Apply(json, fields, edits.ToArray()));
    }

    // A member that the server fills in is there, but blank: it has to go before the server's own can come.
    static bool HasBlanks(in JobFields fields) =>
        fields.Has(JobKey.EnqueuedAt) ||
        (fields.Has(JobKey.CreatedAt) && !fields.HasCreatedAt) ||
        (fields.Has(JobKey.Queue) && fields.Queue.Length == 0) ||
        (fields.Has(JobKey.Retry) && fields.Retry is null);

    static byte[] Ending(in JobFields fields, bool isEnqueued, long now)
    {
        var text = Rfc3339.Format(now);
        var retry = fields.Retry is null ? ",\"retry\":25" : "";
        var queue = fields.Queue.Length == 0 ? ",\"queue\":\"default\"" : "";
        var created = fields.HasCreatedAt ? "" : $",\"created_at\":\"{text}\"";
        var enqueued = isEnqueued ? $",\"enqueued_at\":\"{text}\"" : "";
        return Encoding.UTF8.GetBytes($"{retry}{queue}{created}{enqueued}}}");
    }
}
