using System.Globalization;
using System.Text;

namespace Faktory.Server.Import;

/// <summary>The values of one key, whichever way Redis encoded them.</summary>
static class RdbValues
{
    const byte StringType = 0, List = 1, Set = 2, SortedSetText = 3, Hash = 4, SortedSet = 5, ListZipList = 10, SetIntegers = 11,
        SortedSetZipList = 12, HashZipList = 13, QuickList = 14, HashListPack = 16, SortedSetListPack = 17, QuickList2 = 18, SetListPack = 20;

    const long QuickListPlain = 1;

    internal static IEnumerable<(RdbKind Kind, byte[] Value, double Score)> Read(RdbInput input, byte type, string key) => type switch
    {
        StringType => [(RdbKind.String, input.ReadString(), 0)],
        List => Plain(input, RdbKind.ListItem),
        Set => Plain(input, RdbKind.SetMember),
        SortedSetText => Scored(input, ReadScoreText),
        SortedSet => Scored(input, i => BitConverter.UInt64BitsToDouble(i.ReadUInt64LittleEndian())),
        Hash => PlainHash(input),
        ListZipList => Each(ZipList(input), RdbKind.ListItem),
        SetIntegers => Each(new Packed(input.ReadString(), input.Offset).IntegerSet(), RdbKind.SetMember),
        SetListPack => Each(ListPack(input), RdbKind.SetMember),
        SortedSetZipList => Pairs(input, ZipList(input)),
        SortedSetListPack => Pairs(input, ListPack(input)),
        HashZipList => Entries(input, ZipList(input)),
        HashListPack => Entries(input, ListPack(input)),
        QuickList => QuickLists(input),
        QuickList2 => QuickLists2(input),
        _ => throw input.Wrong($"the key \"{key}\" holds values of type {type}, which a Faktory server's file never does"),
    };

    static IEnumerable<(RdbKind, byte[], double)> Plain(RdbInput input, RdbKind kind)
    {
        for (var left = input.ReadCount(); left > 0; left--)
            yield return (kind, input.ReadString(), 0);
    }

    static IEnumerable<(RdbKind, byte[], double)> PlainHash(RdbInput input)
    {
        for (var left = input.ReadCount(); left > 0; left--)
        {
            input.ReadString();
            yield return (RdbKind.HashEntry, input.ReadString(), 0);
        }
    }

    static IEnumerable<(RdbKind, byte[], double)> Scored(RdbInput input, Func<RdbInput, double> readScore)
    {
        for (var left = input.ReadCount(); left > 0; left--)
        {
            var member = input.ReadString();
            yield return (RdbKind.SortedSetMember, member, readScore(input));
        }
    }

    static IEnumerable<(RdbKind, byte[], double)> QuickLists(RdbInput input)
    {
        for (var left = input.ReadCount(); left > 0; left--)
        {
            foreach (var value in ZipList(input))
                yield return (RdbKind.ListItem, value, 0);
        }
    }

    // A node is one large value, or a listpack of small ones.
    static IEnumerable<(RdbKind, byte[], double)> QuickLists2(RdbInput input)
    {
        for (var left = input.ReadCount(); left > 0; left--)
        {
            if (input.ReadCount() == QuickListPlain)
            {
                yield return (RdbKind.ListItem, input.ReadString(), 0);
                continue;
            }
            foreach (var value in ListPack(input))
                yield return (RdbKind.ListItem, value, 0);
        }
    }

    static IEnumerable<(RdbKind, byte[], double)> Each(List<byte[]> values, RdbKind kind) => values.Select(value => (kind, value, 0.0));

    static IEnumerable<(RdbKind, byte[], double)> Pairs(RdbInput input, List<byte[]> values)
    {
        if (values.Count % 2 != 0)
            throw input.Wrong("a member of a sorted set has no score");
        for (var i = 0; i < values.Count; i += 2)
            yield return (RdbKind.SortedSetMember, values[i], Score(input, values[i + 1]));
    }

    static IEnumerable<(RdbKind, byte[], double)> Entries(RdbInput input, List<byte[]> values)
    {
        if (values.Count % 2 != 0)
            throw input.Wrong("an entry of a hash has no value");
        for (var i = 1; i < values.Count; i += 2)
            yield return (RdbKind.HashEntry, values[i], 0);
    }

    // length(1) and digits; 253, 254 and 255 are not a number, infinity, and minus infinity
    static double ReadScoreText(RdbInput input)
    {
        var length = input.ReadByte();
        if (length >= 253)
            return length == 253 ? double.NaN : length == 254 ? double.PositiveInfinity : double.NegativeInfinity;
        var text = new byte[length];
        input.Read(text);
        return Score(input, text);
    }

    static double Score(RdbInput input, byte[] text) =>
        double.TryParse(Encoding.ASCII.GetString(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
            ? score
            : throw input.Wrong("a score is not a number");

    static List<byte[]> ZipList(RdbInput input) => new Packed(input.ReadString(), input.Offset).ZipList();

    static List<byte[]> ListPack(RdbInput input) => new Packed(input.ReadString(), input.Offset).ListPack();
}
