namespace BackupScheduler.Stores;

/// <summary>An object in a store; the size is that of the stored, encrypted bytes.</summary>
sealed record StoredObject(string Key, long Bytes, DateTimeOffset ModifiedAt);
