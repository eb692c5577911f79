using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;

namespace ControlPlane.Core.Billing.Invoices;

/// <summary>A line before discounts and tax.</summary>
/// <param name="AmountMinor">Of the whole line; below zero where unused time is given back.</param>
/// <param name="IsProration">A part of a period.</param>
public sealed record DraftLine(
    string Description, string ProductKey, string PlanKey, int PlanVersion, InstanceId? InstanceId, long Quantity, long AmountMinor, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool IsProration);

/// <summary>A reduction of an invoice: parts per million, or an amount.</summary>
public sealed record Discount(string Code, int? PercentPpm, long? AmountMinor);

/// <summary>A line with everything computed.</summary>
public sealed record PricedLine(DraftLine Draft, long DiscountMinor, long TaxMinor)
{
    public long ExTaxMinor => Draft.AmountMinor - DiscountMinor;
}

/// <summary>An invoice's amounts from its lines: pure, so that a preview and the invoice cannot differ.</summary>
public sealed record InvoiceDraft(string Currency, IReadOnlyList<PricedLine> Lines)
{
    public long SubtotalMinor => Lines.Aggregate(0L, (sum, l) => checked(sum + l.Draft.AmountMinor));
    public long DiscountMinor => Lines.Aggregate(0L, (sum, l) => checked(sum + l.DiscountMinor));
    public long TaxMinor => Lines.Aggregate(0L, (sum, l) => checked(sum + l.TaxMinor));
    public long TotalMinor => checked(SubtotalMinor - DiscountMinor + TaxMinor);

    /// <summary>Discounts apply one after the other, each to what the last left: a percentage to each line above zero, an amount spread over them; unused time is credited as it was charged. Tax is on what is left of each line.</summary>
    public static InvoiceDraft Of(string currency, IEnumerable<DraftLine> lines, IEnumerable<Discount> discounts, int taxRatePpm)
    {
        var drafts = lines.Where(l => l.AmountMinor != 0).ToList();
        var left = drafts.Select(l => l.AmountMinor).ToList();
        foreach (var discount in discounts)
            left = discount.PercentPpm is { } ppm
                ? [.. left.Select(l => l <= 0 ? l : l - Rounding.HalfAway(l, ppm, PpmWhole))]
                : Spread(left, discount.AmountMinor ?? 0);
        return new InvoiceDraft(currency, [.. drafts.Zip(left, (line, rest) => new PricedLine(line, line.AmountMinor - rest, Rounding.HalfAway(rest, taxRatePpm, PpmWhole)))]);
    }

    const int PpmWhole = 1_000_000;

    // Cumulative, so that the parts always sum to the amount; never below zero.
    static List<long> Spread(List<long> left, long amount)
    {
        var whole = left.Where(l => l > 0).Sum();
        var off = Math.Min(amount, whole);
        var (seen, taken) = (0L, 0L);
        return [.. left.Select(line =>
        {
            if (line <= 0)
                return line;
            seen += line;
            var due = Rounding.Floor(off, seen, whole) - taken;
            taken += due;
            return line - due;
        })];
    }
}

/// <summary>The part of a price that belongs to the rest of a period, to the second, halves away from zero.</summary>
public static class Proration
{
    public static long Of(long amountMinor, DateTimeOffset periodStart, DateTimeOffset periodEnd, DateTimeOffset at)
    {
        var whole = (long)(periodEnd - periodStart).TotalSeconds;
        var rest = Math.Clamp((long)(periodEnd - at).TotalSeconds, 0, whole);
        return Rounding.HalfAway(amountMinor, rest, whole);
    }

    /// <summary>What a plan costs for the rest of a period, or for all of it.</summary>
    public static DraftLine Charge(PlanOffer offer, PlanPrice price, InstanceId? instance, string about, long quantity, DateTimeOffset from, DateTimeOffset periodStart, DateTimeOffset periodEnd)
    {
        var isPart = from > periodStart;
        return new DraftLine(
            (isPart ? $"Remaining time on {offer.Plan.Name}" : offer.Plan.Name) + about, offer.Plan.ProductKey, offer.Plan.Key, offer.Version.Version, instance, quantity,
            Of(checked(price.AmountMinor * quantity), periodStart, periodEnd, from), isPart ? from : periodStart, periodEnd, isPart);
    }

    /// <summary>The unused time of a line that was charged, discounts included, given back.</summary>
    public static DraftLine Unused(InvoiceLine charged, string planName, string about, DateTimeOffset from) => new(
        $"Unused time on {planName}{about}", charged.ProductKey, charged.PlanKey, charged.PlanVersion, charged.InstanceId, charged.Quantity,
        -Of(charged.ExTaxMinor, charged.PeriodStart, charged.PeriodEnd, from), from, charged.PeriodEnd, IsProration: true);
}
