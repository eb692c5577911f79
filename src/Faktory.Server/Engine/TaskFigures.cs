namespace Faktory.Server.Engine;

/// <summary>What a periodic task has done since the start, as INFO shows it.</summary>
sealed class TaskFigures
{
    internal long Cycles;
    internal long Jobs;
    internal TimeSpan Time;
}
