using System.Collections.Frozen;
using ControlPlane.Core.Data;

namespace ControlPlane.Core.Ledger;

public enum AccountKind
{
    Asset,
    Liability,
    Income,
    Expense,
}

/// <summary>The accounts. Their texts stand in the database and in exports, and never change.</summary>
public enum AccountCode
{
    Stripe,
    Bank,
    Receivable,
    Disputed,
    CustomerBalance,
    Tax,
    VendorHeld,
    VendorPayable,
    ResellerHeld,
    ResellerPayable,
    Payout,
    Revenue,
    Fee,
    DisputeFee,
    VendorExpense,
    ResellerExpense,
    BadDebt,
    Exchange,
}

public enum PartyKind
{
    Vendor,
    Reseller,
}

/// <summary>Who gets a share: an id only; names live elsewhere.</summary>
public readonly record struct Party(PartyKind Kind, string Id)
{
    public const int IdLengthMax = 64;

    public AccountKey Held => new(Kind == PartyKind.Vendor ? AccountCode.VendorHeld : AccountCode.ResellerHeld, Id);
    public AccountKey Payable => new(Kind == PartyKind.Vendor ? AccountCode.VendorPayable : AccountCode.ResellerPayable, Id);
    public AccountKey Expense => new(Kind == PartyKind.Vendor ? AccountCode.VendorExpense : AccountCode.ResellerExpense, Id);

    /// <summary>Sent, and not yet known to have arrived.</summary>
    public AccountKey InPayout => new(AccountCode.Payout, Id);

    /// <summary>As the API has it: <c>vendor:acme</c>.</summary>
    public override string ToString() => $"{Kind.ToText()}:{Id}";

    public static bool TryParse(string? text, out Party party)
    {
        party = default;
        if (text?.Split(':', 2) is not [var kind, { Length: > 0 and <= IdLengthMax } id] || !LowercaseEnum<PartyKind>.TryParse(kind, out var parsed) || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            return false;
        party = new Party(parsed, id);
        return true;
    }
}

/// <summary>One account, in every currency it is used in.</summary>
/// <param name="Owner">The party or customer it is kept for; empty where there is one for all.</param>
public readonly record struct AccountKey(AccountCode Code, string Owner = "")
{
    public static implicit operator AccountKey(AccountCode code) => new(code);

    public static AccountKey FromAccountCode(AccountCode code) => new(code);

    public override string ToString() => Owner.Length == 0 ? Code.ToText() : $"{Code.ToText()}:{Owner}";
}

public static class AccountCodes
{
    static readonly FrozenDictionary<AccountCode, string> Texts = new Dictionary<AccountCode, string>
    {
        [AccountCode.Stripe] = "STRIPE",
        [AccountCode.Bank] = "BANK",
        [AccountCode.Receivable] = "AR",
        [AccountCode.Disputed] = "DISPUTED",
        [AccountCode.CustomerBalance] = "CUSTBAL",
        [AccountCode.Tax] = "TAX",
        [AccountCode.VendorHeld] = "V.HELD",
        [AccountCode.VendorPayable] = "V.PAYABLE",
        [AccountCode.ResellerHeld] = "R.HELD",
        [AccountCode.ResellerPayable] = "R.PAYABLE",
        [AccountCode.Payout] = "PAYOUT",
        [AccountCode.Revenue] = "REV",
        [AccountCode.Fee] = "FEE",
        [AccountCode.DisputeFee] = "DFEE",
        [AccountCode.VendorExpense] = "V.EXP",
        [AccountCode.ResellerExpense] = "R.EXP",
        [AccountCode.BadDebt] = "BADDEBT",
        [AccountCode.Exchange] = "FX",
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<string, AccountCode> Codes = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static string ToText(this AccountCode code) => Texts[code];

    public static AccountCode Parse(string text) => Codes[text];

    public static AccountKind Kind(this AccountCode code) => code switch
    {
        AccountCode.Stripe or AccountCode.Bank or AccountCode.Receivable or AccountCode.Disputed => AccountKind.Asset,
        AccountCode.Revenue => AccountKind.Income,
        AccountCode.Fee or AccountCode.DisputeFee or AccountCode.VendorExpense or AccountCode.ResellerExpense or AccountCode.BadDebt or AccountCode.Exchange => AccountKind.Expense,
        _ => AccountKind.Liability,
    };
}
