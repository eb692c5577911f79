namespace ControlPlane.Core.Ledger.Shares;

/// <summary>Which version of a party's contracts counts for a line.</summary>
static class ContractSelection
{
    /// <summary>The one valid when the service began; or, where that one says so, each for the time it was valid in.</summary>
    /// <returns>Contracts with their part of the line; the parts sum to one at most.</returns>
    internal static IEnumerable<(ShareContract Contract, Fraction Part)> For(SoldLine line, IReadOnlyList<ShareContract> covering)
    {
        var first = At(line.PeriodStart, covering);
        if (first is null || first.RateSelector == RateSelector.PeriodStart || line.PeriodEnd <= line.PeriodStart)
            return first is null ? [] : [(first, Fraction.Of(1, 1))];
        return OverTime(line, covering);
    }

    static IEnumerable<(ShareContract Contract, Fraction Part)> OverTime(SoldLine line, IReadOnlyList<ShareContract> covering)
    {
        List<DateTimeOffset> turns = [.. covering.SelectMany(c => (DateTimeOffset?[])[c.ValidFrom, c.ValidTo]).OfType<DateTimeOffset>()
            .Where(at => line.PeriodStart < at && at < line.PeriodEnd).Append(line.PeriodStart).Append(line.PeriodEnd).Distinct().Order()];
        for (var i = 1; i < turns.Count; i++)
            if (At(turns[i - 1], covering) is { } contract)
                yield return (contract, Fraction.Of((turns[i] - turns[i - 1]).Ticks, (line.PeriodEnd - line.PeriodStart).Ticks));
    }

    static ShareContract? At(DateTimeOffset at, IReadOnlyList<ShareContract> covering) =>
        covering.Where(c => c.IsValidAt(at)).OrderByDescending(c => c.Priority).ThenByDescending(c => c.Scope).FirstOrDefault();
}
