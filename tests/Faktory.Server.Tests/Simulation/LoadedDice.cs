using System.Buffers.Binary;

namespace Faktory.Server.Tests.Simulation;

/// <summary>Dice that always show the same, so that a model can know when a retry is due, and bytes that count, so that it can know what an id will be.</summary>
sealed class LoadedDice() : Random(1)
{
    internal const int Shown = 7;

    int _start;
    int _drawn;

    public override int Next(int maxValue) => Shown;

    public override void NextBytes(Span<byte> buffer)
    {
        buffer.Clear();
        BinaryPrimitives.WriteInt32BigEndian(buffer, _start);
        BinaryPrimitives.WriteInt32BigEndian(buffer[4..], _drawn++);
    }

    /// <summary>After a start that has lost what was drawn last: no id may come again.</summary>
    internal void Renew(int start) => (_start, _drawn) = (start, 0);
}
