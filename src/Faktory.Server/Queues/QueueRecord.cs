using System.Buffers.Binary;
using System.Text;
using Faktory.Server.Storage;

namespace Faktory.Server.Queues;

/// <summary>What is stored with a queue's name: <c>id(4) flags(1)</c>, and of a pause with a reason or an end <c>until(8, 0 for none) reason</c>.</summary>
/// <param name="Id">The number in the keys of its jobs.</param>
/// <param name="Pause">Null when it is not paused.</param>
readonly record struct QueueRecord(uint Id, QueuePause? Pause)
{
    const byte PausedFlag = 1;
    const byte DetailsFlag = 2;
    const int Short = 5;
    const int Long = 13;

    internal byte[] Write()
    {
        var hasDetails = Pause is { Until: not null } or { Reason.Length: > 0 };
        var reason = hasDetails ? Encoding.UTF8.GetBytes(Pause!.Reason) : [];
        var value = new byte[hasDetails ? Long + reason.Length : Short];
        BinaryPrimitives.WriteUInt32BigEndian(value, Id);
        value[4] = (byte)((Pause is null ? 0 : PausedFlag) | (hasDetails ? DetailsFlag : 0));
        if (hasDetails)
            BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(Short), Pause!.Until ?? 0);
        reason.CopyTo(value, value.Length - reason.Length);
        return value;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal static QueueRecord Read(ReadOnlySpan<byte> value)
    {
        var hasDetails = value.Length > Short;
        if (value.Length < Short || (hasDetails && value.Length < Long) || hasDetails != ((value[4] & DetailsFlag) != 0))
            throw new CorruptStorageException($"the record of a queue cannot have {value.Length} bytes");
        var id = BinaryPrimitives.ReadUInt32BigEndian(value);
        if ((value[4] & PausedFlag) == 0)
            return new QueueRecord(id, null);
        if (!hasDetails)
            return new QueueRecord(id, new QueuePause());
        var until = BinaryPrimitives.ReadInt64BigEndian(value[Short..]);
        return new QueueRecord(id, new QueuePause(Encoding.UTF8.GetString(value[Long..]), until == 0 ? null : until));
    }
}
