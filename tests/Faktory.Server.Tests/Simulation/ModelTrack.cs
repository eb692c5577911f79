namespace Faktory.Server.Tests.Simulation;

/// <param name="IsUnsure">Nothing says which state a client is told.</param>
sealed record ModelTrack(string State, long UpdatedAt, int? Percent, bool IsUnsure);
