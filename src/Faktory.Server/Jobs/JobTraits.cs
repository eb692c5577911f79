using System.Buffers.Binary;
using System.Text;
using Faktory.Server.Storage;

namespace Faktory.Server.Jobs;

/// <summary>What a job is to its batch. Stored: the numbers are tags of <see cref="JobTraits"/>.</summary>
enum BatchRole : byte
{
    None = 0,
    /// <summary>One of its jobs, which has not been executed yet.</summary>
    Member = 4,
    /// <summary>One of its jobs, which has failed or was dropped before.</summary>
    ExecutedMember = 5,
    CompleteCallback = 6,
    SuccessCallback = 7,
}

/// <summary>
/// What a job's <c>custom</c> asks of the server, in a form that needs no JSON when the job is fetched or acknowledged. Stored with the job
/// as <c>tag(1) length(1) value</c> in a row; nothing at all for the many jobs that ask for nothing.
/// </summary>
/// <param name="UniqueKey">What makes it unique (16 bytes), or null.</param>
/// <param name="IsUniqueUntilStart">Another one may be pushed as soon as a worker has this one, not only when it is done.</param>
/// <param name="ExpiresAt">100 ns since 1970; not worth working on afterwards.</param>
/// <param name="Bid">The batch it belongs to in its <paramref name="Role"/>, at most <see cref="BidBytesMax"/> bytes; null when there is none.</param>
/// <param name="Role">What it is to that batch.</param>
/// <param name="IsTracked">Its progress is kept for whoever asks.</param>
/// <param name="HasTurn">It was put off by the throttle of its type, which does not hold it back again.</param>
/// <param name="DebounceKey">Only while it waits for another one to replace it: by what they find each other (16 bytes).</param>
sealed record JobTraits(
    byte[]? UniqueKey = null, bool IsUniqueUntilStart = false, long? ExpiresAt = null, string? Bid = null, BatchRole Role = BatchRole.None, bool IsTracked = false, bool HasTurn = false,
    byte[]? DebounceKey = null)
{
    internal const int BidBytesMax = 100;

    const byte UniqueUntilSuccessTag = 1, UniqueUntilStartTag = 2, ExpiresAtTag = 3, TrackedTag = 8, TurnTag = 9, DebounceTag = 10;

    internal static JobTraits None { get; } = new();

    // All of its values at once, each with its tag and its length.
    const int WrittenMax = 2 + UniqueKeyLength + 2 + sizeof(long) + 2 + BidBytesMax + 2 + 2 + 2 + UniqueKeyLength;
    const int UniqueKeyLength = 16;

    /// <summary>It asks for nothing: nothing is stored and nothing has to be done.</summary>
    internal bool IsNone => UniqueKey is null && ExpiresAt is null && Bid is null && DebounceKey is null && !IsTracked && !HasTurn;

    internal byte[] Write()
    {
        if (IsNone)
            return [];
        Span<byte> output = stackalloc byte[WrittenMax];
        Span<byte> number = stackalloc byte[sizeof(long)];
        Span<byte> bid = stackalloc byte[BidBytesMax];
        var end = 0;
        if (UniqueKey is not null)
            Append(output, ref end, IsUniqueUntilStart ? UniqueUntilStartTag : UniqueUntilSuccessTag, UniqueKey);
        if (ExpiresAt is { } expiresAt)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, expiresAt);
            Append(output, ref end, ExpiresAtTag, number);
        }
        if (Bid is not null)
            Append(output, ref end, (byte)Role, bid[..Encoding.UTF8.GetBytes(Bid, bid)]);
        if (IsTracked)
            Append(output, ref end, TrackedTag, []);
        if (HasTurn)
            Append(output, ref end, TurnTag, []);
        if (DebounceKey is not null)
            Append(output, ref end, DebounceTag, DebounceKey);
        return output[..end].ToArray();
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of traits.</exception>
    internal static JobTraits Read(ReadOnlySpan<byte> stored)
    {
        if (stored.IsEmpty)
            return None;
        var (key, isUntilStart, expiresAt, bid, role, isTracked, hasTurn, debounceKey) = ((byte[]?)null, false, (long?)null, (string?)null, BatchRole.None, false, false, (byte[]?)null);
        for (; stored.Length > 0; stored = stored[(2 + stored[1])..])
        {
            if (stored.Length < 2 || stored.Length < 2 + stored[1])
                throw new CorruptStorageException("the traits of a job end early");
            var value = stored.Slice(2, stored[1]);
            switch (stored[0])
            {
                case UniqueUntilSuccessTag or UniqueUntilStartTag:
                    (key, isUntilStart) = (value.ToArray(), stored[0] == UniqueUntilStartTag);
                    break;
                case ExpiresAtTag when value.Length == sizeof(long):
                    expiresAt = BinaryPrimitives.ReadInt64BigEndian(value);
                    break;
                case >= (byte)BatchRole.Member and <= (byte)BatchRole.SuccessCallback:
                    (bid, role) = (Encoding.UTF8.GetString(value), (BatchRole)stored[0]);
                    break;
                case TrackedTag:
                    isTracked = true;
                    break;
                case TurnTag:
                    hasTurn = true;
                    break;
                case DebounceTag:
                    debounceKey = value.ToArray();
                    break;
                default:
                    throw new CorruptStorageException($"a job has a trait {stored[0]} of {stored[1]} bytes, which this server does not know");
            }
        }
        return new JobTraits(key, isUntilStart, expiresAt, bid, role, isTracked, hasTurn, debounceKey);
    }

    static void Append(Span<byte> output, ref int end, byte tag, ReadOnlySpan<byte> value)
    {
        (output[end], output[end + 1]) = (tag, (byte)value.Length);
        value.CopyTo(output[(end + 2)..]);
        end += 2 + value.Length;
    }
}
