using System.Text;

namespace Faktory.Server.Jobs;

/// <summary>The members of a job that the server reads. All others pass through untouched.</summary>
enum JobKey
{
    Jid,
    JobType,
    Args,
    Queue,
    Priority,
    ReserveFor,
    At,
    Retry,
    Backtrace,
    CreatedAt,
    EnqueuedAt,
    Failure,
    Custom,
    Unknown,
}

static class JobKeys
{
    static readonly byte[][] Names =
        [.. "jid jobtype args queue priority reserve_for at retry backtrace created_at enqueued_at failure custom".Split(' ').Select(Encoding.UTF8.GetBytes)];

    internal static ReadOnlySpan<byte> Name(JobKey key) => Names[(int)key];

    /// <summary>Names count in any case, as clients of the original are used to; <paramref name="isExact"/> says whether it is spelled as here.</summary>
    internal static JobKey Find(ReadOnlySpan<byte> name, out bool isExact)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (Names[i].Length != name.Length || !Ascii.EqualsIgnoreCase(name, Names[i]))
                continue;
            isExact = name.SequenceEqual(Names[i]);
            return (JobKey)i;
        }
        isExact = true;
        return JobKey.Unknown;
    }
}
