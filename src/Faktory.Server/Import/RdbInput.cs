using System.Buffers.Binary;
using System.Globalization;

namespace Faktory.Server.Import;

/// <summary>The bytes of a Redis file, one after the other, with their place and their checksum. Holds a buffer, never the file.</summary>
sealed class RdbInput(Stream stream)
{
    // Redis' own bound on a string.
    const long StringBytesMax = 512L << 20;

    readonly byte[] _buffer = new byte[256 << 10];
    int _start;
    int _end;
    int _checked;
    long _before;
    ulong _crc;

    /// <summary>Where the next byte is.</summary>
    internal long Offset => _before + _start;

    /// <summary>The checksum of all bytes up to here.</summary>
    internal ulong Crc
    {
        get
        {
            _crc = Crc64.Append(_crc, _buffer.AsSpan(_checked, _start - _checked));
            _checked = _start;
            return _crc;
        }
    }

    internal RdbFormatException Wrong(string message) => new(Offset, message);

    internal byte ReadByte()
    {
        if (_start == _end)
            Fill();
        return _buffer[_start++];
    }

    /// <exception cref="RdbFormatException">The file ends before.</exception>
    internal void Read(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_start == _end)
                Fill();
            var part = Math.Min(bytes.Length, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes);
            _start += part;
            bytes = bytes[part..];
        }
    }

    internal uint ReadUInt32LittleEndian()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal ulong ReadUInt64LittleEndian()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A length, or how a string is encoded.</summary>
    // 00LLLLLL | 01LLLLLL LLLLLLLL | 10000000 length(4) | 10000001 length(8) | 11EEEEEE; big-endian
    internal ulong ReadLength(out bool isEncoding)
    {
        var first = ReadByte();
        isEncoding = first >> 6 == 3;
        Span<byte> bytes = stackalloc byte[8];
        switch (first >> 6)
        {
            case 0 or 3:
                return (ulong)(first & 63);
            case 1:
                return (ulong)((first & 63) << 8 | ReadByte());
        }
        if (first == 0x80)
        {
            Read(bytes[..4]);
            return BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        if (first != 0x81)
            throw Wrong($"0x{first:x2} is not a length");
        Read(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    internal long ReadCount()
    {
        var count = ReadLength(out var isEncoding);
        return !isEncoding && count <= long.MaxValue ? (long)count : throw Wrong("a count was expected");
    }

    internal byte[] ReadString()
    {
        var length = ReadLength(out var isEncoding);
        if (!isEncoding)
            return ReadBytes(length);
        Span<byte> bytes = stackalloc byte[4];
        switch (length)
        {
            case 0:
                return Text((sbyte)ReadByte());
            case 1:
                Read(bytes[..2]);
                return Text(BinaryPrimitives.ReadInt16LittleEndian(bytes));
            case 2:
                Read(bytes);
                return Text(BinaryPrimitives.ReadInt32LittleEndian(bytes));
            case 3:
                return ReadCompressed();
            default:
                throw Wrong($"strings are not encoded by {length}");
        }
    }

    byte[] ReadCompressed()
    {
        var compressedLength = ReadLength(out _);
        var length = ReadLength(out _);
        var at = Offset;
        var compressed = ReadBytes(compressedLength);
        // A byte of LZF gives at most 88: whoever claims more is lying.
        if (length > (ulong)StringBytesMax || length > 100 * compressedLength)
            throw new RdbFormatException(at, $"a compressed string of {compressedLength} bytes cannot hold {length}");
        var text = new byte[length];
        return Lzf.TryDecompress(compressed, text) ? text : throw new RdbFormatException(at, "a compressed string is damaged");
    }

    byte[] ReadBytes(ulong length)
    {
        if (length > (ulong)StringBytesMax || (long)length > stream.Length - Offset)
            throw Wrong($"a string of {length} bytes does not fit into the file");
        var bytes = new byte[length];
        Read(bytes);
        return bytes;
    }

    static byte[] Text(long number) => System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    void Fill()
    {
        _ = Crc;
        _before += _end;
        (_start, _checked, _end) = (0, 0, stream.Read(_buffer));
        if (_end == 0)
            throw Wrong("the file ends here, in the middle of something");
    }
}
