namespace ControlPlane.Client;

/// <summary>How many decimal places an amount in minor units has; where the API says <c>_minor</c>, divide by ten to this power to show it.</summary>
public static class CurrencyDecimals
{
    const string None = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF";
    const string Three = "BHD JOD KWD OMR TND";

    static readonly HashSet<string> none = [.. None.Split(' ')];
    static readonly HashSet<string> three = [.. Three.Split(' ')];

    /// <param name="currency">ISO 4217, upper case.</param>
    public static int Of(string currency) => none.Contains(currency) ? 0 : three.Contains(currency) ? 3 : 2;
}
