using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Faktory.Server.Protocol;

/// <summary>
/// Makes valid text of what workers send about errors. Messages that a client has cut in the middle of a character must not keep
/// the failure from being recorded, so what is broken becomes U+FFFD.
/// </summary>
static class LenientText
{
    internal static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        return json.IndexOf("\\u"u8) < 0 ? json : RepairEscapes(json);
    }

    static byte[] RepairEscapes(ReadOnlySpan<byte> json)
    {
        var repaired = json.ToArray();
        for (var i = 0; i < repaired.Length - 1; i++)
        {
            if (repaired[i] != '\\')
                continue;
            if (IsSurrogate(repaired, i, 0xD800) && IsSurrogate(repaired, i + 6, 0xDC00))
                i += 11;
            else if (IsSurrogate(repaired, i, 0xD800) || IsSurrogate(repaired, i, 0xDC00))
                "\\uFFFD"u8.CopyTo(repaired.AsSpan(i));
            else
                i++;
        }
        return repaired;
    }

    // Whether \uXXXX at i is in the 1024 code units from first.
    static bool IsSurrogate(byte[] json, int i, int first) =>
        i + 6 <= json.Length && json[i] == '\\' && json[i + 1] == 'u' &&
        int.TryParse(json.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) &&
        unit >= first && unit < first + 0x400;
}
