namespace BackupScheduler.Stores;

/// <summary>How to reach a bucket of an S3-compatible store. The keys need get, put, list, delete and multipart on it, nothing more.</summary>
sealed class S3StoreOptions
{
    /// <summary>For example <c>https://s3.eu-central-1.amazonaws.com</c>.</summary>
    public string Endpoint { get; set; } = "";

    public string Region { get; set; } = "us-east-1";

    public string Bucket { get; set; } = "";

    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Put before every key, for example <c>faktory/</c>; empty for none.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Larger objects are uploaded in parts of this size; one part is held in memory. 5 MiB is the least S3 takes.</summary>
    public int PartBytes { get; set; } = 8 << 20;

    /// <summary>One request, without a download's body.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A download that yields no byte for this long is given up.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Retries of one request, before the operation's own, much longer, retries.</summary>
    public int RetriesMax { get; set; } = 2;
}
