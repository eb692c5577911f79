namespace Faktory.Bench;

/// <summary>What to measure, and how long.</summary>
sealed record BenchSettings(string? Server, TimeSpan Duration, int Jobs, DirectoryInfo Folder, bool IsJson, bool WithRedis, int[] Connections, string[] Only, int Cycles);
