using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Batches;

/// <summary>The job that a batch enqueues when it is complete or has succeeded.</summary>
static class BatchCallback
{
    // It was checked when the batch was made.
    static readonly JobLimits none = JobLimits.Default with { JidBytesMax = ushort.MaxValue, QueueNameBytesMax = int.MaxValue };

    /// <returns>Why it cannot be taken, or null.</returns>
    /// <exception cref="JsonException">Not JSON, or a known member is of the wrong type.</exception>
    internal static string? Refuse(ReadOnlySpan<byte> json, JobLimits limits, long now) =>
        Submission.TryCreate(json, JobFields.Read(json, limits.JsonDepthMax), limits, now, out var job) is { } refusal ? refusal
        : job!.Window is not null ? "it cannot have debounce_for: each has to run"
        : null;

    /// <summary>The job, which tells its worker by <c>custom._bid</c> and <c>custom._cb</c> whose callback it is and which.</summary>
    internal static Submission Read(byte[] stored, string bid, BatchRole role, long now)
    {
        var fields = JobFields.Read(stored);
        var custom = fields.Has(JobKey.Custom) ? Encoding.UTF8.GetString(stored.AsSpan()[fields.ValueOf(JobKey.Custom)]).Trim() : "{}";
        var members = custom is "null" ? "" : custom[1..^1].Trim();
        var name = role == BatchRole.CompleteCallback ? "complete" : "success";
        var marked = $"{{\"_bid\":\"{bid}\",\"_cb\":\"{name}\"{(members.Length == 0 ? "" : $",{members}")}}}";
        var json = JobSplice.Apply(stored, fields, [new JobEdit(JobKey.Custom, Encoding.UTF8.GetBytes(marked))]);
        if (Submission.TryCreate(json, JobFields.Read(json), none, now, out var job) is { } refusal)
            throw new CorruptStorageException($"the {name} callback of the batch {bid} is no job: {refusal}");
        // Whatever else it asks for: it is enqueued once, and has to be.
        if (job!.Window is not null)
            job = Submission.Requeue(job.Record, now);
        return job.With(new JobTraits(Bid: bid, Role: role, IsTracked: job.Traits.IsTracked));
    }
}
