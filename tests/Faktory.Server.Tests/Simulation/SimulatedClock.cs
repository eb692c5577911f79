namespace Faktory.Server.Tests.Simulation;

/// <summary>Two clocks, as a real machine has them: one that only runs forward, and the time of day, which somebody may set.</summary>
sealed class SimulatedClock : TimeProvider
{
    static readonly DateTimeOffset Origin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    long _steady;
    long _offset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _steady;

    public override DateTimeOffset GetUtcNow() => Origin.AddTicks(_steady + _offset);

    internal void Pass(long ticks) => _steady += ticks;

    internal void Set(long ticks) => _offset += ticks;
}

/// <summary>Dice that always show the same, so that a model can know when a retry is due.</summary>
sealed class LoadedDice() : Random(1)
{
    internal const int Shown = 7;

    public override int Next(int maxValue) => Shown;
}
