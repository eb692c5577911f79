using System.Runtime.InteropServices;

namespace Faktory.Server.Storage;

/// <summary>
/// Walks the keys from <c>start</c> up to, but without, <c>end</c>, or the same ones backwards. Throws where the data cannot be read:
/// an iterator that just ended early would be a silent loss.
/// </summary>
sealed class RocksIterator : IDisposable
{
    readonly ReadOptionsHandle _options;
    readonly IteratorHandle _iterator;
    readonly nint _start;
    readonly nint _end;
    readonly bool _isBackward;
    byte[] _key = new byte[64];
    int _keyLength;

    internal RocksIterator(DatabaseHandle database, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end, bool isBackward = false)
    {
        _isBackward = isBackward;
        _start = Copy(start);
        _end = Copy(end);
        _options = RocksNative.ReadOptionsCreate();
        RocksNative.ReadOptionsSetLowerBound(_options, _start, (nuint)start.Length);
        RocksNative.ReadOptionsSetUpperBound(_options, _end, (nuint)end.Length);
        _iterator = RocksNative.CreateIterator(database, _options);
        if (isBackward)
            RocksNative.IteratorSeekToLast(_iterator);
        else
            RocksNative.IteratorSeek(_iterator, start, (nuint)start.Length);
        try
        {
            Arrive();
        }
        catch
        {
            // Nobody else can: and one that outlives its database ends the process when it is collected.
            Dispose();
            throw;
        }
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

    /// <summary>The first byte of the value at the current position; 0 when it is empty.</summary>
    internal byte FirstByteOfValue => RocksNative.IteratorValue(_iterator, out var length) is var pointer && length > 0 ? Marshal.ReadByte(pointer) : (byte)0;

    internal void Next()
    {
        if (_isBackward)
            RocksNative.IteratorPrevious(_iterator);
        else
            RocksNative.IteratorNext(_iterator);
        Arrive();
    }

    public void Dispose()
    {
        _iterator.Dispose();
        _options.Dispose();
        Marshal.FreeHGlobal(_start);
        Marshal.FreeHGlobal(_end);
    }

    static nint Copy(ReadOnlySpan<byte> key)
    {
        var copy = Marshal.AllocHGlobal(key.Length);
        Marshal.Copy(key.ToArray(), 0, copy, key.Length);
        return copy;
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
