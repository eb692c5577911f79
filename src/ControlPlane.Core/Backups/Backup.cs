using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Backups;

public enum BackupState
{
    Pending,
    Running,
    Succeeded,
    Failed,
}

public enum BackupTrigger
{
    Policy,
    Manual,
}

/// <summary>One copy of an instance's data in the object store.</summary>
public sealed class Backup
{
    public required BackupId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required InstanceId InstanceId { get; init; }
    public required BackupTrigger Trigger { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public BackupState State { get; set; } = BackupState.Pending;
    public long SizeBytes { get; set; }

    /// <summary>Jobs in all sets at the moment of the checkpoint.</summary>
    public long Jobs { get; set; }

    /// <summary>The object store's key of the manifest, which is written last: its presence makes the backup complete.</summary>
    public string? ManifestKey { get; set; }
    public string? ManifestSha256 { get; set; }

    /// <summary>The key that the objects are encrypted with, sealed for <see cref="Secrets.SecretPurposes.BackupKey"/>.</summary>
    public string? SealedKey { get; set; }

    /// <summary>The checkpoint on the instance while it is being pulled.</summary>
    public string? CheckpointId { get; set; }
    public string? Error { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When everything was last read back from the store and compared.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When a throw-away server was last started from it and its jobs were counted.</summary>
    public DateTimeOffset? RestoredAt { get; set; }

    /// <summary>When its objects were removed by retention.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

public enum BackupSchedule
{
    Minutes,
    Hourly,
    Daily,
}

/// <summary>When an instance is backed up and how many copies are kept.</summary>
public sealed class BackupPolicy
{
    public required InstanceId InstanceId { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required bool Enabled { get; set; }
    public required BackupSchedule Schedule { get; set; }

    /// <summary>With <see cref="BackupSchedule.Minutes"/>: the interval.</summary>
    public int? EveryMinutes { get; set; }

    /// <summary>With <see cref="BackupSchedule.Daily"/>: the hour, UTC.</summary>
    public int? AtHour { get; set; }
    public required int Keep { get; set; }
    public DateTimeOffset? NextRunAt { get; set; }
    public DateTimeOffset? LastSucceededAt { get; set; }

    /// <summary>How far apart backups are; a switched-off policy has the interval that it would have.</summary>
    public int IntervalMinutes => Schedule switch
    {
        BackupSchedule.Minutes => EveryMinutes ?? throw new InvalidOperationException($"the policy of {InstanceId} has no interval"),
        BackupSchedule.Hourly => 60,
        BackupSchedule.Daily => 24 * 60,
        _ => throw new InvalidOperationException($"unknown schedule {Schedule}"),
    };

    /// <summary>When the next backup is due, seen from <paramref name="now"/>; null while the policy is switched off.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset now) => (Enabled, Schedule) switch
    {
        (false, _) => null,
        (_, BackupSchedule.Daily) => NextHour(now),
        _ => now.AddMinutes(IntervalMinutes),
    };

    DateTimeOffset NextHour(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(AtHour ?? 0);
        return today > now ? today : today.AddDays(1);
    }
}
