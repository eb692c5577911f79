using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ControlPlane.Core.Ids;

/// <summary>
/// UUIDs version 7 that grow with each call, also within a millisecond and when the clock is set back: RFC 9562, section 6.2, the method that
/// counts up the random part. What is filed first must also sort first. Safe for any number of callers.
/// </summary>
static class OrderedGuid
{
    static readonly ConditionalWeakTable<TimeProvider, Last> PerClock = [];

    internal static Guid Next(TimeProvider clock)
    {
        var last = PerClock.GetOrCreateValue(clock);
        lock (last)
        {
            var fresh = Read(Guid.CreateVersion7(clock.GetUtcNow()));
            last.Value = fresh > last.Value ? fresh : last.Value + 1;
            return Write(last.Value);
        }
    }

    internal static UInt128 Read(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    internal static Guid Write(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }

    sealed class Last
    {
        internal UInt128 Value { get; set; }
    }
}
