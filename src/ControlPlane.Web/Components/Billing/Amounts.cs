using System.Globalization;
using ControlPlane.Client;

namespace ControlPlane.Web.Components.Billing;

/// <summary>Money as people read and type it; the Api has minor units only. Never a binary fraction on the way.</summary>
static class Amounts
{
    const decimal PpmOfPercent = 10_000m;

    /// <summary>To the last minor unit, so that columns line up: "$1,234.50", "−$14.50", "1,500 JPY".</summary>
    public static string Exact(long minor, string currency) => Write(minor, currency, CurrencyDecimals.Of(currency));

    /// <summary>Without decimals where they are zero, as prices are written: "$29".</summary>
    public static string Short(long minor, string currency) => Write(minor, currency, minor % (long)Scale(currency) == 0 ? 0 : CurrencyDecimals.Of(currency));

    /// <summary>For a form's field: "29.00".</summary>
    public static string Plain(long minor, string currency) => (minor / Scale(currency)).ToString($"F{CurrencyDecimals.Of(currency)}", CultureInfo.InvariantCulture);

    /// <returns>False for what is no amount, has more decimals than the currency, or does not fit.</returns>
    public static bool TryParse(string? text, string currency, out long minor) => TryScale(text, Scale(currency), out minor);

    /// <summary>What stands at a field whose text is no amount.</summary>
    public static string Refused(string currency) => $"Enter an amount such as {Plain(2900, currency)}, without thousands separators.";

    /// <summary>"19 %" of 190000.</summary>
    public static string Percent(int ppm) => $"{PlainPercent(ppm)} %";

    public static string PlainPercent(int ppm) => (ppm / PpmOfPercent).ToString("0.####", CultureInfo.InvariantCulture);

    public static bool TryParsePercent(string? text, out int ppm)
    {
        var isNumber = TryScale(text?.Replace("%", "", StringComparison.Ordinal), PpmOfPercent, out var parts) && parts <= int.MaxValue;
        ppm = isNumber ? (int)parts : 0;
        return isNumber;
    }

    static string Write(long minor, string currency, int decimals)
    {
        var amount = Math.Abs(minor / Scale(currency)).ToString($"N{decimals}", CultureInfo.InvariantCulture);
        var sign = minor < 0 ? "−" : "";
        return currency switch { "USD" => $"{sign}${amount}", "EUR" => $"{sign}€{amount}", "GBP" => $"{sign}£{amount}", _ => $"{sign}{amount} {currency}" };
    }

    static bool TryScale(string? text, decimal scale, out long scaled)
    {
        scaled = 0;
        if (!decimal.TryParse(text?.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / scale)
            return false;
        var exact = number * scale;
        scaled = (long)exact;
        return exact == scaled;
    }

    static decimal Scale(string currency)
    {
        var scale = 1m;
        for (var i = 0; i < CurrencyDecimals.Of(currency); i++)
            scale *= 10;
        return scale;
    }
}
