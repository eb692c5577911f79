namespace BackupScheduler.Stores;

/// <summary>The store did not do what it was asked: unreachable, full, refusing. Trying again later may help.</summary>
class ObjectStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store answered: there is no such object. Trying again does not help.</summary>
sealed class ObjectMissingException(string key) : ObjectStoreException($"The backup store has no object '{key}'.");
