using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>
/// Divides the cash of a sale among vendor, reseller and operator. Every quota is exact; then floors, and the units left over go one each to the largest
/// fractions, ties in the order vendor, reseller, operator. The operator's quota is the rest of the pool, so that the parts always sum to it.
/// </summary>
public static class RevenueSplit
{
    /// <param name="contracts">All that might apply; those of other resellers are passed over.</param>
    /// <exception cref="InvalidOperationException">A contract per unit is in another currency than the cash.</exception>
    public static SplitResult Split(Sale sale, IEnumerable<ShareContract> contracts)
    {
        var pool = sale.Cash - sale.Tax - sale.Fee;
        if (sale.InvoiceTotalMinor <= 0 || sale.ExTaxMinor <= 0 || sale.Cash.Minor <= 0)
            return new SplitResult(pool, [], pool);

        var parties = contracts.Where(c => c.PartyKind == PartyKind.Vendor || c.PartyId == sale.ResellerId).GroupBy(c => c.Party)
            .OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.Id, StringComparer.Ordinal).Select(g => new Claim(g.Key, [.. g])).ToList();
        foreach (var line in sale.Lines)
            ClaimOf(sale, line, parties);

        // A fee above the price leaves a party nothing; it never pays for a sale.
        var quotas = parties.Select(p => p.Quota.Numerator.Sign < 0 ? Fraction.Zero : p.Quota).ToList();
        quotas.Add(quotas.Aggregate(Fraction.Of(pool.Minor, 1), (rest, quota) => rest - quota));
        var amounts = LargestRemainder(pool.Minor, quotas);
        return new SplitResult(
            pool,
            [.. parties.Select((p, i) => ShareOf(p, new Money(amounts[i], pool.Currency))).Where(s => !s.Amount.IsZero)],
            new Money(amounts[^1], pool.Currency));
    }

    static Share ShareOf(Claim claim, Money amount)
    {
        // A quota below zero has become nothing, and then there is nothing to tell apart.
        var parts = amount.IsZero ? [] : LargestRemainder(amount.Minor, [.. claim.Quotas.Select(q => q.Quota)]);
        return new Share(claim.Party, amount, [.. claim.Quotas.Select(q => q.Contract)])
        {
            Parts = [.. claim.Quotas.Zip(parts, (q, minor) => new ContractPart(q.Contract, minor)).Where(p => p.Minor != 0)],
            RefundFeeMinor = claim.RefundFee.HalfAway(),
        };
    }

    static void ClaimOf(Sale sale, SoldLine line, List<Claim> parties)
    {
        // Bases scale by cash ÷ total, which is also the rate between the currencies of invoice and cash.
        var scale = Fraction.Of(sale.Cash.Minor, sale.InvoiceTotalMinor);
        var gross = Fraction.Of(line.ExTaxMinor, 1) * scale;
        var feeOfLine = Fraction.Of((System.Numerics.BigInteger)sale.Fee.Minor * line.ExTaxMinor, sale.ExTaxMinor);
        var net = gross - feeOfLine;
        var toVendors = Fraction.Zero;
        foreach (var party in parties)
        {
            foreach (var (contract, part) in ContractSelection.For(line, [.. party.Contracts.Where(c => c.Covers(line, sale.Customer))]))
            {
                var quota = part * (contract.Basis switch
                {
                    ShareBasis.GrossExTax => Rated(contract, gross),
                    ShareBasis.NetOfFees => Rated(contract, net),
                    ShareBasis.NetOfFeesAndVendor => Rated(contract, net - toVendors),
                    ShareBasis.PerUnit => PerUnit(contract, line, sale.Cash.Currency) * scale,
                    _ => throw new InvalidOperationException($"contract {contract.Id} has the unknown basis {contract.Basis}"),
                });
                party.Add(contract.Id, quota);
                if (contract is { FeeOnRefund: RefundFeeRule.Shared, RatePpm: not null })
                    party.AddRefundFee(Rated(contract, part * feeOfLine));
                if (party.Party.Kind == PartyKind.Vendor)
                    toVendors += quota;
            }
        }
    }

    static Fraction Rated(ShareContract contract, Fraction basis) =>
        basis * Fraction.Of(contract.RatePpm ?? throw new InvalidOperationException($"contract {contract.Id} has no rate"), ShareContract.RatePpmMax);

    static Fraction PerUnit(ShareContract contract, SoldLine line, Currency currency) => contract.Currency == currency.Code && contract.FixedMinor is { } each
        ? Fraction.Of((System.Numerics.BigInteger)each * line.Units, 1)
        : throw new InvalidOperationException($"contract {contract.Id} pays per unit in {contract.Currency}, and the sale was settled in {currency}");

    static List<long> LargestRemainder(long pool, List<Fraction> quotas)
    {
        var parts = quotas.Select(q => q.Split()).ToList();
        List<long> amounts = [.. parts.Select(p => p.Floor)];
        var left = (int)(pool - amounts.Aggregate((Int128)0, (sum, amount) => sum + amount));
        // OrderBy is stable: among equal fractions the order of the parties stands.
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => parts[i].Left, Comparer<Fraction>.Create((a, b) => a.CompareTo(b))).Take(left))
            amounts[i]++;
        return amounts;
    }
}

/// <summary>What a party has coming while a sale is gone through line by line.</summary>
sealed class Claim(Party party, IReadOnlyList<ShareContract> contracts)
{
    readonly List<(ContractId Contract, Fraction Quota)> quotas = [];

    internal Party Party => party;
    internal IReadOnlyList<ShareContract> Contracts => contracts;

    /// <summary>By contract, in the order they were first used.</summary>
    internal IReadOnlyList<(ContractId Contract, Fraction Quota)> Quotas => quotas;
    internal Fraction Quota { get; private set; } = Fraction.Zero;
    internal Fraction RefundFee { get; private set; } = Fraction.Zero;

    internal void Add(ContractId contract, Fraction quota)
    {
        Quota += quota;
        var known = quotas.FindIndex(q => q.Contract == contract);
        if (known < 0)
            quotas.Add((contract, quota));
        else
            quotas[known] = (contract, quotas[known].Quota + quota);
    }

    internal void AddRefundFee(Fraction fee) => RefundFee += fee;
}
