namespace BackupScheduler.Archives;

/// <summary>What the store holds is not what was stored there. Trying again does not help: the backup is not usable.</summary>
sealed class BackupDamagedException(string message, Exception? inner = null) : Exception(message, inner);
