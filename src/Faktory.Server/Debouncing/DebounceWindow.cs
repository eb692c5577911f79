using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Faktory.Server.Debouncing;

/// <summary>How long a debounced job waits for another one to replace it.</summary>
/// <param name="For">After each push, in 100 ns.</param>
/// <param name="Max">After the first one, in 100 ns: however many come, one runs by then.</param>
readonly record struct DebounceWindow(long For, long Max)
{
    /// <summary>How long either may be.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How long the key that a client gives may be, in bytes.</summary>
    internal const int KeyBytesMax = 1000;

    /// <summary>What <see cref="Max"/> is, in windows, when the client does not say.</summary>
    internal const int DefaultMaxWindows = 10;

    internal const int KeyLength = 16;

    /// <summary>What makes two jobs replace each other, whatever their arguments. 16 bytes of a SHA-256.</summary>
    /// <param name="jobType">Of the job.</param>
    /// <param name="queue">Of the job.</param>
    /// <param name="key">What else the client wants to tell them apart by; empty for nothing.</param>
    internal static byte[] KeyOf(ReadOnlySpan<byte> jobType, string queue, string key)
    {
        // Each says how long it is before it comes: no two triples make the same bytes.
        var text = new byte[2 * sizeof(int) + jobType.Length + Encoding.UTF8.GetMaxByteCount(queue.Length + key.Length)];
        BinaryPrimitives.WriteInt32BigEndian(text, jobType.Length);
        jobType.CopyTo(text.AsSpan(sizeof(int)));
        var end = sizeof(int) + jobType.Length;
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(end), queue.Length);
        end += sizeof(int);
        end += Encoding.UTF8.GetBytes(queue, text.AsSpan(end));
        end += Encoding.UTF8.GetBytes(key, text.AsSpan(end));
        return SHA256.HashData(text.AsSpan(0, end))[..KeyLength];
    }
}
