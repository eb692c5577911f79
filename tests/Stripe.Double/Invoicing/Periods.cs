namespace Stripe.Double.Invoicing;

/// <summary>Billing periods, counted from their anchor so that the 31st comes back after a short month.</summary>
static class Periods
{
    internal static long Add(long moment, string interval, long count)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(moment);
        return (interval switch
        {
            "day" => from.AddDays(count),
            "week" => from.AddDays(7 * count),
            "month" => from.AddMonths((int)count),
            "year" => from.AddYears((int)count),
            _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "day, week, month or year"),
        }).ToUnixTimeSeconds();
    }

    /// <summary>The first boundary after the moment.</summary>
    internal static long Next(long anchor, string interval, long count, long after)
    {
        var boundary = anchor;
        for (long periods = 1; boundary <= after; periods++)
            boundary = Add(anchor, interval, periods * count);
        return boundary;
    }
}
