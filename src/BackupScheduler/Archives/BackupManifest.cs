using BackupScheduler.Instances;

namespace BackupScheduler.Archives;

/// <summary>
/// What a complete backup consists of. <paramref name="DataKey"/> is the backup's own key, sealed for exactly this organization,
/// instance and backup; <paramref name="Sequence"/> is the last write the checkpoint holds.
/// </summary>
sealed record BackupManifest(
    int Format,
    string OrganizationId,
    string InstanceId,
    string BackupId,
    string ServerVersion,
    DateTimeOffset CreatedAt,
    long Sequence,
    JobCounts Counts,
    string DataKey,
    IReadOnlyList<ManifestFile> Files)
{
    internal const int CurrentFormat = 1;

    internal BackupKeys Keys => new(OrganizationId, InstanceId, BackupId);

    internal long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>The files as an instance knows them.</summary>
    internal IReadOnlyList<CheckpointFile> CheckpointFiles => [.. Files.Select(f => new CheckpointFile(f.Name, f.Bytes, f.Sha256))];
}

/// <summary>One file of the checkpoint: size and lower-case hex SHA-256 of its plain bytes, and the object that holds it.</summary>
sealed record ManifestFile(string Name, long Bytes, string Sha256, string Object);

/// <summary>Jobs by state at the moment of the checkpoint.</summary>
sealed record JobCounts(long Queued, long Scheduled, long Retries, long Dead, long Working)
{
    internal long Total => Queued + Scheduled + Retries + Dead + Working;
}
