using System.Numerics;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>
/// Walks the records of one kind around what cannot be read: where reading fails it looks for the next key that can be, first close by and
/// then in steps that double.
/// </summary>
/// <param name="database">Opened for salvage.</param>
/// <param name="kind">The first byte of the keys.</param>
/// <param name="gap">Told of each stretch that cannot be read: the last key before it, and the first after it or null.</param>
sealed class SalvageScan(RocksDatabase database, byte kind, Action<byte[], byte[]?> gap)
{
    // A key has at most this many bytes that count; names of queues may be longer, but differ before that.
    const int KeyBytes = 17;

    internal IEnumerable<(byte[] Key, byte[] Value)> Records()
    {
        byte[] last = [kind];
        var records = TrySeek(last);
        while (true)
        {
            if (records is null)
            {
                var failedAfter = last;
                records = FindNext(failedAfter, out var found);
                gap(failedAfter, records is { IsValid: true } ? found : null);
                if (records is null)
                    yield break;
            }
            using (records)
            {
                while (records.IsValid)
                {
                    last = records.Key.ToArray();
                    yield return (last, records.CopyValue());
                    if (!TryNext(records))
                        break;
                }
                if (!_hasFailed)
                    yield break;
            }
            records = null;
        }
    }

    bool _hasFailed;

    bool TryNext(RocksIterator records)
    {
        try
        {
            _hasFailed = false;
            records.Next();
            return true;
        }
        catch (StorageException)
        {
            _hasFailed = true;
            return false;
        }
    }

    RocksIterator? TrySeek(ReadOnlySpan<byte> key)
    {
        try
        {
            _hasFailed = false;
            return database.Scan(key, [(byte)(kind + 1)]);
        }
        catch (StorageException)
        {
            _hasFailed = true;
            return null;
        }
    }

    // Null when nothing behind it can be read.
    RocksIterator? FindNext(byte[] after, out byte[]? found)
    {
        found = null;
        var from = NumberOf(after);
        for (var step = BigInteger.One; ; step <<= 1)
        {
            var at = KeyAt(from + step);
            if (at is null)
                return null;
            if (TrySeek(at) is not { } records)
                continue;
            found = records.IsValid ? records.Key.ToArray() : null;
            return records;
        }
    }

    static BigInteger NumberOf(byte[] key)
    {
        var padded = new byte[Math.Max(KeyBytes, key.Length)];
        key.CopyTo(padded, 0);
        return new BigInteger(padded.AsSpan(0, KeyBytes), isUnsigned: true, isBigEndian: true);
    }

    byte[]? KeyAt(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        if (bytes.Length != KeyBytes || bytes[0] != kind)
            return null;
        return bytes;
    }
}
