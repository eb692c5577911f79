using System.Buffers;

namespace Faktory.Server.Tests.Jobs;

/// <summary>A piece of a sequence, as a pipe hands out what came in several packets.</summary>
sealed class Segments : ReadOnlySequenceSegment<byte>
{
    Segments(ReadOnlyMemory<byte> memory, long index)
    {
        Memory = memory;
        RunningIndex = index;
    }

    internal static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, int length)
    {
        var first = new Segments(bytes[..Math.Min(length, bytes.Length)], 0);
        var last = first;
        for (var start = first.Memory.Length; start < bytes.Length; start += last.Memory.Length)
        {
            var next = new Segments(bytes.Slice(start, Math.Min(length, bytes.Length - start)), start);
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
