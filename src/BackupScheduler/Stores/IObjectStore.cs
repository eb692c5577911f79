namespace BackupScheduler.Stores;

/// <summary>
/// Where backups are kept: immutable objects under keys (<see cref="ObjectKey"/>). Safe for concurrent use.
/// A store that cannot answer throws <see cref="ObjectStoreException"/>; every call may be repeated.
/// </summary>
interface IObjectStore
{
    /// <summary>
    /// Stores everything <paramref name="content"/> yields, replacing what the key held. The object appears whole or not at all,
    /// and is durable when the call returns. A failure of the content itself travels through unchanged.
    /// </summary>
    Task PutAsync(string key, Stream content, CancellationToken cancel);

    /// <summary>The object's bytes, in one forward-only stream that the caller disposes.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    Task<Stream> OpenReadAsync(string key, CancellationToken cancel);

    /// <summary>The objects whose key starts with <paramref name="prefix"/>, in ordinal order of their keys.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>Removes the object; nothing happens when it is gone already.</summary>
    Task DeleteAsync(string key, CancellationToken cancel);

    /// <summary>The object's size and time, or null when there is none.</summary>
    Task<StoredObject?> StatAsync(string key, CancellationToken cancel);

    /// <summary>Removes what interrupted puts left behind, when it began before <paramref name="before"/>. Answers how many.</summary>
    Task<int> RemoveUnfinishedAsync(DateTimeOffset before, CancellationToken cancel);
}
