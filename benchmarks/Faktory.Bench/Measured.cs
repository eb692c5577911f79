namespace Faktory.Bench;

/// <summary>One measurement. CPU is the server's, user and system together; null where it was not read.</summary>
sealed record Measured(string Server, string Work, int Connections, double PerSecond, double P50Milliseconds, double P99Milliseconds, double? CpuMicroseconds);

/// <summary>A single figure: memory, a start.</summary>
sealed record Figure(string Server, string What, double Value, string Unit);
