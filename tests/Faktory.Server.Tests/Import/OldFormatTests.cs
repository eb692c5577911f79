using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Faktory.Server.Import;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Import;

/// <summary>Encodings that older versions of Redis wrote, byte by byte as their format says.</summary>
public sealed class OldFormatTests
{
    static readonly string[] Values =
        ["", "a", new('b', 63), new('c', 64), new('d', 16383), new('e', 16384), "0", "12", "13", "-1", "127", "-128", "128", "32767", "-32768", "8388607", "-8388608", "2147483647", "9223372036854775807"];

    readonly List<byte> _file = [.. "REDIS0006"u8];

    [Fact]
    public void Checksum_is_the_one_of_the_specification() => Crc64.Append(0, "123456789"u8).ShouldBe(0xe9c6d914c4b8d9caUL);

    [Fact]
    public void Lists_of_every_age()
    {
        Key(1, "linked", [.. Length(Values.Length), .. Values.SelectMany(Text)]);
        Key(10, "ziplist", Text(ZipList(Values)));
        Key(14, "quicklist", [.. Length(2), .. Text(ZipList(Values[..5])), .. Text(ZipList(Values[5..]))]);

        var lists = Read().GroupBy(v => v.Key).ToArray();

        lists.Select(l => l.Key).ShouldBe(["linked", "ziplist", "quicklist"]);
        foreach (var list in lists)
            list.Select(v => Encoding.ASCII.GetString(v.Value)).ShouldBe(Values, list.Key);
    }

    [Fact]
    public void Sorted_sets_of_every_age()
    {
        Key(3, "text", [.. Length(3), .. Text("a"), 3, .. "1.5"u8, .. Text("b"), 254, .. Text("c"), 255]);
        Key(12, "ziplist", Text(ZipList("a", "1.5", "b", "17", "c", "-2")));

        Read().Select(v => (v.Key, Encoding.ASCII.GetString(v.Value), v.Score)).ShouldBe([
            ("text", "a", 1.5), ("text", "b", double.PositiveInfinity), ("text", "c", double.NegativeInfinity),
            ("ziplist", "a", 1.5), ("ziplist", "b", 17), ("ziplist", "c", -2)]);
    }

    [Fact]
    public void What_stands_beside_the_keys_is_stepped_over()
    {
        _file.AddRange([0xFA, .. Text("redis-ver"), .. Text("4.0.0"), 0xFE, 3, 0xFB, 1, 1, 0xF8, 5, 0xF9, 7, 0xFD, 1, 0, 0, 0]);
        Key(0, "expired in 1970", Text("1"));
        _file.AddRange([0xF5, .. Text("a function")]);
        Key(13, "hash", Text(ZipList("field", "value")));
        Key(0, "number", [0xC2, 0xFE, 0xFF, 0xFF, 0xFF]);

        Read().Select(v => (v.Database, v.Key, Encoding.ASCII.GetString(v.Value))).ShouldBe([(3, "hash", "value"), (3, "number", "-2")]);
    }

    [Fact]
    public void A_file_whose_lengths_lie_is_refused_without_making_room_for_them()
    {
        _file.AddRange([0, .. Text("key"), 0x81, 0, 0, 0, 0, 0x7F, 0, 0, 0]);
        Should.Throw<RdbFormatException>(() => Read()).Message.ShouldContain("does not fit into the file");
    }

    [Fact]
    public void Packed_values_cut_short_or_changed_are_refused_and_nothing_else_happens()
    {
        var seed = new Random(9).Next();
        var random = new Random(seed);
        var whole = ZipList(Values);
        for (var round = 0; round < 2000; round++)
        {
            var changed = whole.ToArray();
            changed[random.Next(10, changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                new Packed(changed, changed.Length).ZipList();
                new Packed(changed, changed.Length).ListPack();
            }
            catch (RdbFormatException)
            {
                // As it should; any other exception fails the test, with the seed below.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}", e);
            }
        }
    }

    List<RdbValue> Read()
    {
        byte[] file = [.. _file, 0xFF];
        var crc = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(crc, Crc64.Append(0, file));
        return [.. RdbReader.Read(new MemoryStream([.. file, .. crc]), TestServer.StartedAt)];
    }

    void Key(byte type, string key, byte[] value) => _file.AddRange([type, .. Text(key), .. value]);

    static byte[] Text(string text) => Text(Encoding.ASCII.GetBytes(text));

    static byte[] Text(byte[] text) => [.. Length(text.Length), .. text];

    static byte[] Length(int length) => length < 64
        ? [(byte)length]
        : [0x80, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];

    static byte[] ZipList(params string[] values)
    {
        var entries = new List<byte>();
        var before = 0;
        foreach (var value in values)
        {
            var start = entries.Count;
            entries.AddRange(before < 254 ? [(byte)before] : [254, (byte)before, (byte)(before >> 8), (byte)(before >> 16), (byte)(before >> 24)]);
            entries.AddRange(ZipListEntry(value));
            before = entries.Count - start;
        }
        var list = new byte[10 + entries.Count + 1];
        BinaryPrimitives.WriteInt32LittleEndian(list, list.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(list.AsSpan(8), (ushort)values.Length);
        entries.CopyTo(list, 10);
        list[^1] = 0xFF;
        return list;
    }

    static byte[] ZipListEntry(string value)
    {
        var n = value.Length;
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return [.. n < 64 ? [(byte)n] : n < 16384 ? [(byte)(0x40 | n >> 8), (byte)n] : (byte[])[0x80, 0, 0, (byte)(n >> 8), (byte)n], .. Encoding.ASCII.GetBytes(value)];
        var bytes = BitConverter.GetBytes(number);
        return number switch
        {
            >= 0 and <= 12 => [(byte)(0xF1 + number)],
            >= sbyte.MinValue and <= sbyte.MaxValue => [0xFE, bytes[0]],
            >= short.MinValue and <= short.MaxValue => [0xC0, .. bytes[..2]],
            >= -(1 << 23) and < 1 << 23 => [0xF0, .. bytes[..3]],
            >= int.MinValue and <= int.MaxValue => [0xD0, .. bytes[..4]],
            _ => [0xE0, .. bytes],
        };
    }
}
