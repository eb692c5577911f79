namespace Faktory.Server.Tests.Simulation;

/// <summary>Two clocks, as a real machine has them: one that only runs forward, and the time of day, which somebody may set.</summary>
sealed class SimulatedClock : TimeProvider
{
    static readonly DateTimeOffset Origin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What both clocks show, to go back to when a model lives through a life again.</summary>
    internal (long Steady, long Offset) Moment { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Moment.Steady;

    public override DateTimeOffset GetUtcNow() => Origin.AddTicks(Moment.Steady + Moment.Offset);

    internal void Pass(long ticks) => Moment = Moment with { Steady = Moment.Steady + ticks };

    internal void Set(long ticks) => Moment = Moment with { Offset = Moment.Offset + ticks };
}
