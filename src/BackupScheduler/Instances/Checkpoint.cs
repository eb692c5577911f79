using BackupScheduler.Archives;

namespace BackupScheduler.Instances;

/// <summary>A consistent copy of an instance's data on the instance itself, waiting to be pulled.</summary>
/// <param name="Sequence">The last write it holds.</param>
sealed record Checkpoint(string Id, DateTimeOffset CreatedAt, long Sequence, JobCounts Counts, IReadOnlyList<CheckpointFile> Files);

/// <summary>Size and lower-case hex SHA-256 of one file.</summary>
sealed record CheckpointFile(string Name, long Bytes, string Sha256);

sealed record CheckpointListed(string Id, DateTimeOffset CreatedAt);

/// <param name="State">staged or committed.</param>
sealed record RestoreListed(string Id, DateTimeOffset CreatedAt, string State);
