using BackupScheduler.Stores;

namespace BackupScheduler;

/// <summary>Section <c>BackupScheduler</c>.</summary>
sealed class BackupSchedulerOptions
{
    internal const string Section = "BackupScheduler";

    /// <summary>Own working files: the throw-away servers of restore drills.</summary>
    public string DataFolder { get; set; } = "data/backup-scheduler";

    /// <summary>folder or s3.</summary>
    public string Store { get; set; } = "folder";

    /// <summary>With <see cref="Store"/> folder: where backups are kept. Put it on another disk than the instances'.</summary>
    public string Folder { get; set; } = "data/backups";

    public S3StoreOptions S3 { get; set; } = new();

    /// <summary>The faktory-server that restore drills start. Without one there are no drills, and the log says so.</summary>
    public string? ServerExecutable { get; set; }

    /// <summary>How often a step of a backup is tried before the backup has failed: about 10 minutes.</summary>
    public int TriesMax { get; set; } = 20;

    /// <summary>A policy's backup that failed is taken again after this long, if its next time is later.</summary>
    public TimeSpan RetryFailedAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A step saves its progress this often, so that a crash repeats little.</summary>
    public TimeSpan SaveProgressEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long restored data may take to answer before the old data is put back.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Each kept backup is read back from the store and compared this often.</summary>
    public TimeSpan VerifyEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A server is started from each instance's newest backup this often.</summary>
    public TimeSpan DrillEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Failed backups stay listed this long.</summary>
    public TimeSpan ShowFailedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>What nobody seems to use any more is removed when it is this old: uploads, checkpoints, staged restores.</summary>
    public TimeSpan LeftoverAfter { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Off in processes that only run operations, and in tests that call the jobs themselves.</summary>
    public bool RunSchedules { get; set; } = true;
}
