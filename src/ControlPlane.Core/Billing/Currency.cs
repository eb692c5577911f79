using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Billing;

/// <summary>
/// An ISO 4217 currency, and how its amounts are written in minor units: as Stripe's API has them (docs.stripe.com/currencies), so that an amount means the
/// same here and there. A currency that is not in the table is refused; guessing an exponent would be wrong by a factor of a hundred.
/// </summary>
public readonly record struct Currency
{
    static readonly FrozenDictionary<string, Rules> Known = Table();

    readonly string? code;

    Currency(string code) => this.code = code;

    public static Currency Usd { get; } = new("USD");
    public static Currency Eur { get; } = new("EUR");
    public static Currency Jpy { get; } = new("JPY");

    public static IEnumerable<Currency> All => Known.Keys.Order(StringComparer.Ordinal).Select(code => new Currency(code));

    /// <summary>Three capital letters.</summary>
    public string Code => code ?? throw new InvalidOperationException("this currency was never set");

    /// <summary>Decimal places of a minor unit: 0, 2 or 3.</summary>
    public int Exponent => Known[Code].Exponent;

    /// <summary>What a charged amount must be a multiple of: 100 for ISK and UGX, which are whole but sent with two decimals, 10 with three decimals.</summary>
    public long ChargeStep => Known[Code].ChargeStep;

    /// <summary>What a paid-out amount must be a multiple of.</summary>
    public long PayoutStep => Known[Code].PayoutStep;

    /// <exception cref="FormatException">The currency is not known.</exception>
    public static Currency Parse(string text) => TryParse(text, out var currency) ? currency : throw new FormatException($"'{text}' is not a currency known here");

    public static bool TryParse([NotNullWhen(true)] string? text, out Currency currency)
    {
        var code = text?.ToUpperInvariant();
        var isKnown = code is not null && Known.ContainsKey(code);
        currency = isKnown ? new Currency(code!) : default;
        return isKnown;
    }

    public override string ToString() => code ?? "";

    static FrozenDictionary<string, Rules> Table()
    {
        var table = new Dictionary<string, Rules>(StringComparer.Ordinal);
        Add(new Rules(0, 1, 1), "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF");
        Add(new Rules(3, 10, 10), "BHD JOD KWD OMR TND");
        Add(new Rules(2, 100, 100), "ISK UGX");
        Add(new Rules(2, 1, 100), "HUF TWD");
        Add(new Rules(2, 1, 1), """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP
            GBP GEL GIP GMD GTQ GYD HKD HNL HTG IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN
            NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TZS UAH USD UYU UZS WST XCD
            YER ZAR ZMW
            """);
        return table.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(Rules rules, string codes)
        {
            foreach (var code in codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                table.Add(code, rules);
        }
    }

    readonly record struct Rules(int Exponent, long ChargeStep, long PayoutStep);
}
