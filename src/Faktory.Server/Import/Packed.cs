using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Faktory.Server.Import;

/// <summary>The small encodings of Redis: many values packed into one string.</summary>
/// <param name="bytes">The string.</param>
/// <param name="offset">Where it ends in the file, to be named in errors.</param>
readonly struct Packed(byte[] bytes, long offset)
{
    const int ListPackHead = 6;
    const int ZipListHead = 10;
    const byte End = 0xFF;

    // total bytes(4) count(2), little-endian; then encoding, data, back length; 0xFF
    internal List<byte[]> ListPack()
    {
        if (bytes.Length <= ListPackHead || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != (uint)bytes.Length || bytes[^1] != End)
            throw Wrong("a listpack");
        var values = new List<byte[]>();
        var at = ListPackHead;
        while (Byte(at) != End)
        {
            var begin = at;
            values.Add(ListPackValue(ref at));
            var length = at - begin;
            at += length < 128 ? 1 : length < 16383 ? 2 : length < 2097151 ? 3 : length < 268435455 ? 4 : 5;
        }
        return at == bytes.Length - 1 ? values : throw Wrong("a listpack");
    }

    byte[] ListPackValue(ref int at)
    {
        var first = Byte(at++);
        if (first < 0x80)
            return Text(first);
        if (first < 0xC0)
            return Take(ref at, first & 0x3F);
        if (first < 0xE0)
        {
            var value = (first & 0x1F) << 8 | Byte(at++);
            return Text(value >= 4096 ? value - 8192 : value);
        }
        if (first < 0xF0)
            return Take(ref at, (first & 0x0F) << 8 | Byte(at++));
        switch (first)
        {
            case 0xF0:
                return Take(ref at, Bounded(BinaryPrimitives.ReadUInt32LittleEndian(Take(ref at, 4))));
            case 0xF1 or 0xF2 or 0xF3:
                return Text(Integer(ref at, first - 0xF1 + 2));
            case 0xF4:
                return Text(Integer(ref at, 8));
            default:
                throw Wrong("a listpack");
        }
    }

    // total bytes(4) tail(4) count(2); then length of the one before (1 or 5), encoding, data; 0xFF
    internal List<byte[]> ZipList()
    {
        if (bytes.Length <= ZipListHead || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != (uint)bytes.Length || bytes[^1] != End)
            throw Wrong("a ziplist");
        var values = new List<byte[]>();
        var at = ZipListHead;
        while (Byte(at) != End)
        {
            at += Byte(at) < 254 ? 1 : 5;
            values.Add(ZipListValue(ref at));
        }
        return at == bytes.Length - 1 ? values : throw Wrong("a ziplist");
    }

    byte[] ZipListValue(ref int at)
    {
        var first = Byte(at++);
        switch (first >> 6)
        {
            case 0:
                return Take(ref at, first & 0x3F);
            case 1:
                return Take(ref at, (first & 0x3F) << 8 | Byte(at++));
            case 2:
                return Take(ref at, Bounded(BinaryPrimitives.ReadUInt32BigEndian(Take(ref at, 4))));
        }
        return first switch
        {
            0xC0 => Text(Integer(ref at, 2)),
            0xD0 => Text(Integer(ref at, 4)),
            0xE0 => Text(Integer(ref at, 8)),
            0xF0 => Text(Integer(ref at, 3)),
            0xFE => Text(Integer(ref at, 1)),
            >= 0xF1 and <= 0xFD => Text((first & 0x0F) - 1),
            _ => throw Wrong("a ziplist"),
        };
    }

    // bytes a number(4) count(4), little-endian; numbers
    internal List<byte[]> IntegerSet()
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is not (2 or 4 or 8) ||
            bytes.Length != 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes) * BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)))
            throw Wrong("a set of integers");
        var width = bytes[0];
        var values = new List<byte[]>();
        for (var at = 8; at < bytes.Length;)
            values.Add(Text(Integer(ref at, width)));
        return values;
    }

    long Integer(ref int at, int width)
    {
        var little = Take(ref at, width);
        var value = 0L;
        for (var i = 0; i < width; i++)
            value |= (long)little[i] << (8 * i);
        var unused = 64 - 8 * width;
        return value << unused >> unused;
    }

    byte[] Take(ref int at, int length)
    {
        if (length < 0 || at > bytes.Length - length)
            throw Wrong("something packed");
        at += length;
        return bytes.AsSpan(at - length, length).ToArray();
    }

    static int Bounded(uint length) => (int)Math.Min(length, int.MaxValue);

    byte Byte(int at) => at < bytes.Length ? bytes[at] : throw Wrong("something packed");

    RdbFormatException Wrong(string what) => new(offset, $"{what} is damaged");

    static byte[] Text(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
