using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faktory.Client;

/// <summary>
/// One job, as pushed and as fetched. <see cref="Args"/> and <see cref="Custom"/> are the JSON itself, kept digit for digit:
/// a number of twenty digits stays one.
/// </summary>
public sealed record FaktoryJob
{
    /// <summary>The job's id, 8 characters at least; unique, or two jobs cannot be told apart when they are acknowledged.</summary>
    public required string Jid { get; init; }

    /// <summary>What a worker finds the handler by. Not empty.</summary>
    public required string JobType { get; init; }

    /// <summary>The arguments: a JSON array.</summary>
    public required JsonElement Args { get; init; }

    /// <summary>Letters, digits, dots, dashes and underscores. <c>default</c> unless set.</summary>
    public string Queue { get; init; } = "default";

    /// <summary>1 to 9, of which 9 is fetched first; null leaves the server's 5.</summary>
    public int? Priority { get; init; }

    /// <summary>Retries after a failure; 0 discards the failed job, -1 buries it in the dead set. Null leaves the server's default of 25.</summary>
    public int? Retry { get; init; }

    /// <summary>How long a worker may hold the job before it counts as failed: 60 s to a day, in seconds. Null leaves the server's 1800 s.</summary>
    public TimeSpan? ReserveFor { get; init; }

    /// <summary>Not before this instant; null for at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A JSON object that travels with the job: features of the server (unique_for, expires_in, …) and your own.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>Lines of a backtrace to keep on failure; null leaves it to the server.</summary>
    public int? BacktraceLines { get; init; }

    /// <summary>When the job was made; the server fills it in.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the job entered its queue; the server's word, null on a job not yet fetched.</summary>
    public DateTimeOffset? EnqueuedAt { get; init; }

    /// <summary>The last failure; null on a first run.</summary>
    public FaktoryJobFailure? Failure { get; init; }

    /// <summary>A new job with a random id. Arguments are numbers, strings, booleans, null, dates or JSON nodes.</summary>
    /// <exception cref="ArgumentException">The job type is empty.</exception>
    public static FaktoryJob Create(string jobType, params ReadOnlySpan<JsonNode?> args)
    {
        ArgumentException.ThrowIfNullOrEmpty(jobType);
        return new() { Jid = NewJid(), JobType = jobType, Args = JobJson.ArrayOf(args) };
    }

    /// <summary>An id of 24 hexadecimal digits: 96 random bits.</summary>
    public static string NewJid() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>The job with one more entry in <see cref="Custom"/>; an entry of that name is replaced.</summary>
    public FaktoryJob WithCustom(string name, JsonNode? value) => this with { Custom = JobJson.ObjectWith(Custom, name, value) };
}
