namespace Faktory.Server.Storage;

/// <summary>Changes that are written together or not at all. For one thread at a time.</summary>
sealed class WriteBatch : IDisposable
{
    // A batch keeps the memory of its largest use; above this it is made anew.
    const long KeptBytesMax = 1 << 20;

    WriteBatchHandle _handle = RocksNative.WriteBatchCreate();
    long _bytes;

    internal int Count { get; private set; }

    internal long Bytes => _bytes;

    internal WriteBatchHandle Handle => _handle;

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RocksNative.WriteBatchPut(_handle, key, (nuint)key.Length, value, (nuint)value.Length);
        Counted(key.Length + value.Length);
    }

    internal void Delete(ReadOnlySpan<byte> key)
    {
        RocksNative.WriteBatchDelete(_handle, key, (nuint)key.Length);
        Counted(key.Length);
    }

    /// <summary>Removes a key that was put exactly once since it last did not exist: leaves no tombstone behind.</summary>
    internal void SingleDelete(ReadOnlySpan<byte> key)
    {
        RocksNative.WriteBatchSingleDelete(_handle, key, (nuint)key.Length);
        Counted(key.Length);
    }

    /// <summary>Removes from <paramref name="start"/> up to, but without, <paramref name="end"/>. Never once per job: each costs all later reads.</summary>
    internal void DeleteRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        RocksNative.WriteBatchDeleteRange(_handle, start, (nuint)start.Length, end, (nuint)end.Length);
        Counted(start.Length + end.Length);
    }

    internal void Clear()
    {
        if (_bytes > KeptBytesMax)
        {
            _handle.Dispose();
            _handle = RocksNative.WriteBatchCreate();
        }
        else
        {
            RocksNative.WriteBatchClear(_handle);
        }
        _bytes = 0;
        Count = 0;
    }

    public void Dispose() => _handle.Dispose();

    void Counted(int bytes)
    {
        _bytes += bytes;
        Count++;
    }
}
