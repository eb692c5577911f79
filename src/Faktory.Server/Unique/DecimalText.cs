using System.Globalization;

namespace Faktory.Server.Unique;

/// <summary>JSON numbers by value, whatever their length: nothing goes through floating point.</summary>
static class DecimalText
{
    const int ExponentCharactersMax = 17;

    /// <summary>The digits without zeros at either end, and the power of ten they stand at: <c>-12.50</c> is <c>-125e-1</c>; zero is <c>0</c>.</summary>
    internal static string Normalize(string number)
    {
        var exponentAt = number.AsSpan().IndexOfAny('e', 'E');
        // Nobody means such a number; to work with its digits would only take long.
        if (exponentAt >= 0 && number.Length - exponentAt > ExponentCharactersMax)
            return number;
        var mantissa = exponentAt < 0 ? number : number[..exponentAt];
        var exponent = exponentAt < 0 ? 0L : long.Parse(number.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = mantissa[0] == '-' ? "-" : "";
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
            exponent -= mantissa.Length - point - 1;
        var digits = mantissa.TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        return significant.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{sign}{significant}e{exponent + digits.Length - significant.Length}");
    }
}
