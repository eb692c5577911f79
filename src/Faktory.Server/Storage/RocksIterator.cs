using System.Runtime.InteropServices;

namespace Faktory.Server.Storage;

/// <summary>
/// Walks the keys from <c>start</c> up to, but without, <c>end</c>. Throws where the data cannot be read:
/// an iterator that just ended early would be a silent loss.
/// </summary>
sealed class RocksIterator : IDisposable
{
    readonly ReadOptionsHandle _options;
    readonly IteratorHandle _iterator;
    readonly nint _end;
    byte[] _key = new byte[64];
    int _keyLength;

    internal RocksIterator(DatabaseHandle database, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        _end = Marshal.AllocHGlobal(end.Length);
        Marshal.Copy(end.ToArray(), 0, _end, end.Length);
        _options = RocksNative.ReadOptionsCreate();
        RocksNative.ReadOptionsSetUpperBound(_options, _end, (nuint)end.Length);
        _iterator = RocksNative.CreateIterator(database, _options);
        RocksNative.IteratorSeek(_iterator, start, (nuint)start.Length);
        Arrive();
    }

    internal bool IsValid { get; private set; }

    /// <summary>The key at the current position; overwritten by <see cref="Next"/>.</summary>
    internal ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>A copy of the value at the current position.</summary>
    internal byte[] CopyValue()
    {
        var pointer = RocksNative.IteratorValue(_iterator, out var length);
        var value = new byte[length];
        Marshal.Copy(pointer, value, 0, value.Length);
        return value;
    }

    internal void Next()
    {
        RocksNative.IteratorNext(_iterator);
        Arrive();
    }

    public void Dispose()
    {
        _iterator.Dispose();
        _options.Dispose();
        Marshal.FreeHGlobal(_end);
    }

    void Arrive()
    {
        IsValid = RocksNative.IteratorValid(_iterator) != 0;
        if (!IsValid)
        {
            RocksNative.IteratorGetError(_iterator, out var error);
            StorageException.ThrowIf(error);
            return;
        }
        var pointer = RocksNative.IteratorKey(_iterator, out var length);
        if ((int)length > _key.Length)
            _key = new byte[length];
        _keyLength = (int)length;
        Marshal.Copy(pointer, _key, 0, _keyLength);
    }
}
