namespace Stripe.Double.Invoicing;

/// <summary>Amounts in minor units; JPY and its like have none, a few have three digits.</summary>
static class Money
{
    static readonly string[] whole = ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];
    static readonly string[] threeDigits = ["bhd", "jod", "kwd", "omr", "tnd"];

    internal static int Digits(string currency) => whole.Contains(currency) ? 0 : threeDigits.Contains(currency) ? 3 : 2;

    /// <summary>To the nearest minor unit; a half goes away from zero, so that a credit mirrors its debit.</summary>
    internal static long Round(decimal amount) => (long)Math.Round(amount, MidpointRounding.AwayFromZero);

    /// <summary>The least that can be charged; a smaller invoice goes to the customer's balance.</summary>
    internal static long ChargeMin(string currency) => currency switch { "gbp" => 30, "jpy" => 50, "krw" => 100, _ => 50 };

    /// <summary>Into another currency at units of it for one of ours.</summary>
    internal static long Exchange(long amount, string from, string to, decimal rate)
    {
        var scaled = amount * rate;
        for (var digits = Digits(from); digits < Digits(to); digits++)
            scaled *= 10;
        for (var digits = Digits(to); digits < Digits(from); digits++)
            scaled /= 10;
        return Round(scaled);
    }

    /// <summary>Divides the amount by the weights: floors, then a unit each for the largest remainders, the first of equals first.</summary>
    internal static long[] Divide(long amount, IReadOnlyList<long> weights)
    {
        var sum = weights.Sum(weight => (decimal)weight);
        if (sum == 0)
            return new long[weights.Count];
        var exact = weights.Select(weight => amount * (decimal)weight / sum).ToList();
        var parts = exact.Select(part => (long)Math.Floor(part)).ToArray();
        var left = amount - parts.Sum();
        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(index => exact[index] - Math.Floor(exact[index])).Take((int)left))
            parts[index]++;
        return parts;
    }
}
