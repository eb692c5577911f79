namespace ControlPlane.Web.Pages.Ledger;

/// <summary>The ledger's accounts and kinds of journals, as people read them.</summary>
static class AccountNames
{
    static readonly Dictionary<string, string> accounts = new()
    {
        ["BANK"] = "Bank",
        ["STRIPE"] = "Stripe",
        ["AR"] = "Owed by customers",
        ["DISPUTED"] = "Disputed",
        ["CUSTBAL"] = "Customers' balances",
        ["TAX"] = "Tax to pay",
        ["V.HELD"] = "Vendor's, held",
        ["V.PAYABLE"] = "Vendor's, payable",
        ["R.HELD"] = "Reseller's, held",
        ["R.PAYABLE"] = "Reseller's, payable",
        ["PAYOUT"] = "On its way to a party",
        ["REV"] = "Revenue",
        ["FEE"] = "Payment fees",
        ["DFEE"] = "Dispute fees",
        ["V.EXP"] = "Vendor's share",
        ["R.EXP"] = "Reseller's share",
        ["BADDEBT"] = "Written off",
        ["FX"] = "Exchange differences",
    };

    /// <returns>The code itself where it is new.</returns>
    public static string Of(string code) => accounts.GetValueOrDefault(code) ?? code;
}
