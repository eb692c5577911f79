using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Web.Pages.Ledger;

/// <summary>A contract's terms in a sentence.</summary>
static class ContractWords
{
    public static readonly (string Value, string Text)[] Bases =
    [
        ("gross_ex_tax", "the price without tax"), ("net_of_fees", "the price without tax and payment fees"), ("net_of_fees_and_vendor", "what is left after fees and the vendor"), ("per_unit", "each unit"),
    ];

    public static readonly (string Value, string Text)[] Scopes = [("all", "Everything"), ("product", "One product"), ("plan", "One plan"), ("customer", "One customer")];

    /// <summary>"25 % of the price without tax, of the plan pro; payable 30 days after the payment".</summary>
    public static string Of(ContractResource contract) => string.Join("; ", Terms(contract));

    static IEnumerable<string> Terms(ContractResource contract)
    {
        var share = contract.RatePpm is { } ppm ? $"{Amounts.Percent(ppm)} of {Basis(contract.Basis)}" : $"{Amounts.Exact(contract.FixedMinor ?? 0, contract.Currency ?? "")} for each unit";
        yield return contract.Scope == "all" ? share : $"{share}, of the {contract.Scope} {contract.ScopeKey}";
        yield return contract.HoldDays == 0 ? "payable at once" : $"payable {Words.Count(contract.HoldDays, "day")} after the payment";
        if (contract.Release == "monthly")
            yield return "released month by month";
        if (contract.FeeOnRefund == "shared")
            yield return "bears its part of the fees on refunds";
        if (contract.DisputeFee == "party")
            yield return "bears the fees of disputes";
        if (contract.RateSelector == "split_by_time")
            yield return "a rate that changes within a period counts by time";
    }

    static string Basis(string basis) => Bases.FirstOrDefault(b => b.Value == basis).Text ?? Words.Plain(basis);
}
