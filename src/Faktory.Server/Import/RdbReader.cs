using System.Globalization;
using System.Text;

namespace Faktory.Server.Import;

enum RdbKind
{
    String,
    ListItem,
    SetMember,
    SortedSetMember,
    HashEntry,
}

/// <summary>A value under a key: a string, or one of many.</summary>
/// <param name="Database">The number of the database, 0 for most.</param>
/// <param name="Key">Its key.</param>
/// <param name="Kind">What the key holds.</param>
/// <param name="Value">The string, item, member, or a hash entry's value.</param>
/// <param name="Index">Its place under the key, from 0: of a list from its head.</param>
/// <param name="Score">Of a member of a sorted set, else 0.</param>
/// <param name="Offset">Where in the file it ends.</param>
readonly record struct RdbValue(long Database, string Key, RdbKind Kind, byte[] Value, long Index, double Score, long Offset);

/// <summary>
/// Reads Redis' own file format (RDB, versions 6 to 11: Redis 2.6 to 7.2) value by value, in the order of the file. Memory does not grow
/// with the file, only with the largest value.
/// </summary>
static class RdbReader
{
    const int VersionMin = 6;
    const int VersionMax = 11;

    const byte Function = 0xF5, ModuleAux = 0xF7, Idle = 0xF8, Frequency = 0xF9, Auxiliary = 0xFA, Resize = 0xFB,
        ExpireMilliseconds = 0xFC, ExpireSeconds = 0xFD, SelectDatabase = 0xFE, EndOfFile = 0xFF;

    /// <param name="stream">Can tell its length.</param>
    /// <param name="now">Keys that have expired by then are left out.</param>
    /// <exception cref="RdbFormatException">It is damaged, cut off, or something else. What was given before is not to be relied on.</exception>
    internal static IEnumerable<RdbValue> Read(Stream stream, DateTimeOffset now)
    {
        var input = new RdbInput(stream);
        var version = ReadVersion(input);
        var database = 0L;
        var expiresAt = long.MaxValue;
        while (true)
        {
            var code = input.ReadByte();
            switch (code)
            {
                case SelectDatabase:
                    database = input.ReadCount();
                    break;
                case Resize:
                    input.ReadCount();
                    input.ReadCount();
                    break;
                case Auxiliary:
                    input.ReadString();
                    input.ReadString();
                    break;
                case Function:
                    input.ReadString();
                    break;
                case Idle:
                    input.ReadCount();
                    break;
                case Frequency:
                    input.ReadByte();
                    break;
                case ExpireMilliseconds:
                    expiresAt = (long)input.ReadUInt64LittleEndian();
                    break;
                case ExpireSeconds:
                    expiresAt = 1000L * input.ReadUInt32LittleEndian();
                    break;
                case ModuleAux:
                    throw input.Wrong("it holds data of a Redis module: this is not a Faktory server's file");
                case EndOfFile:
                    CheckEnd(input, stream);
                    yield break;
                default:
                    var key = Encoding.UTF8.GetString(input.ReadString());
                    var isAlive = expiresAt > now.ToUnixTimeMilliseconds();
                    expiresAt = long.MaxValue;
                    var index = 0L;
                    foreach (var (kind, value, score) in RdbValues.Read(input, code, key))
                    {
                        if (isAlive)
                            yield return new RdbValue(database, key, kind, value, index++, score, input.Offset);
                    }
                    break;
            }
        }
    }

    // "REDIS" and four digits
    static int ReadVersion(RdbInput input)
    {
        var head = new byte[9];
        input.Read(head);
        if (!head.AsSpan().StartsWith("REDIS"u8) || !int.TryParse(head.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new RdbFormatException(0, "this is not a file of Redis: it does not begin with REDIS");
        return version is >= VersionMin and <= VersionMax
            ? version
            : throw new RdbFormatException(5, $"its format is version {version}; versions {VersionMin} to {VersionMax} can be read");
    }

    static void CheckEnd(RdbInput input, Stream stream)
    {
        var computed = input.Crc;
        var stored = input.ReadUInt64LittleEndian();
        // 0 when Redis was told not to compute any.
        if (stored != 0 && stored != computed)
            throw new RdbFormatException(input.Offset - 8, $"its checksum is {stored:x16}, and its bytes give {computed:x16}: it is damaged");
        if (input.Offset != stream.Length)
            throw input.Wrong("it goes on behind its end");
    }
}
