using System.Globalization;
using System.Text;

namespace Faktory.Server.Jobs;

/// <summary>Timestamps as on the wire: RFC 3339, written in UTC with trailing zeros of the fraction trimmed. In here they are 100 ns since 1970.</summary>
static class Rfc3339
{
    internal const long TicksPerSecond = TimeSpan.TicksPerSecond;

    internal static long ToUnixTicks(DateTimeOffset instant) => instant.UtcTicks - DateTime.UnixEpoch.Ticks;

    internal static DateTimeOffset ToInstant(long unixTicks) => new(unixTicks + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    internal static string Format(long unixTicks) =>
        ToInstant(unixTicks).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // full-date "T" partial-time time-offset, e.g. 2026-01-02T03:04:05.678Z or …+02:00. A fraction finer than 100 ns is cut.
    internal static bool TryParse(ReadOnlySpan<byte> text, out long unixTicks)
    {
        unixTicks = 0;
        if (text.Length < "2026-01-02T03:04:05Z".Length || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day) ||
            !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;

        var rest = text[19..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset))
            return false;
        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction;
        unixTicks = local - offset.Ticks - DateTime.UnixEpoch.Ticks;
        return unixTicks + DateTime.UnixEpoch.Ticks is >= 0 and <= 3155378975999999999;
    }

    internal static string Describe(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > 64 ? text[..64] : text);

    static bool TryFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] is not ((byte)'.' or (byte)','))
            return true;
        var digits = 0;
        var unit = TicksPerSecond / 10;
        for (rest = rest[1..]; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++)
        {
            ticks += (rest[digits] - '0') * unit;
            unit /= 10;
        }
        rest = rest[digits..];
        return digits > 0;
    }

    static bool TryOffset(ReadOnlySpan<byte> rest, out TimeSpan offset)
    {
        offset = default;
        if (rest.SequenceEqual("Z"u8))
            return true;
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':' ||
            !TryDigits(rest[1..3], out var hours) || !TryDigits(rest[4..6], out var minutes) || hours > 23 || minutes > 59)
            return false;
        offset = new TimeSpan(hours, minutes, 0) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = value * 10 + c - '0';
        }
        return true;
    }
}
