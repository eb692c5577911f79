using ControlPlane.Core.Billing;
using static ControlPlane.Core.Ledger.AccountCode;

namespace ControlPlane.Core.Ledger.Postings;

/// <summary>Money on its way to parties, and between the operator's own accounts.</summary>
public static class PayoutPostings
{
    /// <summary>From payable to under way, before anything is sent.</summary>
    public static JournalDraft Payout(JournalSource source, Party party, Money amount) =>
        JournalDraft.Of(source, JournalKind.Payout, new Line(party.Payable, amount), new Line(party.InPayout, -amount));

    /// <summary>It has arrived.</summary>
    public static JournalDraft PayoutSettled(JournalSource source, Party party, AccountCode account, Money amount) =>
        JournalDraft.Of(source, JournalKind.PayoutSettled, new Line(party.InPayout, amount), new Line(account, -amount));

    /// <summary>It failed, and is payable again.</summary>
    /// <param name="returnedTo">The account that has the money back; null when it never left.</param>
    public static JournalDraft PayoutReversed(JournalSource source, Party party, AccountCode? returnedTo, Money amount) =>
        JournalDraft.Of(source, JournalKind.PayoutReversed, new Line(returnedTo is { } account ? account : party.InPayout, amount), new Line(party.Payable, -amount));

    /// <summary>A party's negative payable is paid back: by a reversed transfer, a bank transfer, or an invoice to it.</summary>
    /// <param name="into"><see cref="AccountCode.Stripe"/>, <see cref="Bank"/>, or <see cref="Receivable"/> for an invoice.</param>
    public static JournalDraft Clawback(JournalSource source, Party party, AccountCode into, Money amount) =>
        JournalDraft.Of(source, JournalKind.Clawback, new Line(into == Receivable ? new AccountKey(Receivable, party.Id) : into, amount), new Line(party.Payable, -amount));

    /// <summary>A party's negative payable that it will never pay back.</summary>
    public static JournalDraft WriteOff(JournalSource source, Party party, Money amount) =>
        JournalDraft.Of(source, JournalKind.WriteOff, new Line(BadDebt, amount), new Line(party.Payable, -amount));

    /// <summary>The operator's own money from Stripe to its bank.</summary>
    public static JournalDraft ToBank(JournalSource source, Money amount, Money fee) =>
        JournalDraft.Of(source, JournalKind.PayoutSettled, new Line(AccountCode.Stripe, -amount - fee), new Line(Bank, amount), new Line(Fee, fee));

    /// <summary>The bank has sent it back.</summary>
    public static JournalDraft FromBank(JournalSource source, Money amount) =>
        JournalDraft.Of(source, JournalKind.PayoutReversed, new Line(AccountCode.Stripe, amount), new Line(Bank, -amount));

    /// <summary>What Stripe takes for itself, apart from payments: for Billing, Radar, Connect. The operator's, and shared with nobody.</summary>
    public static JournalDraft ProviderFee(JournalSource source, Money amount) =>
        JournalDraft.Of(source, JournalKind.ProviderFee, new Line(AccountCode.Stripe, -amount), new Line(Fee, amount));

    /// <summary>One currency became another. Each balances on its own, against <see cref="Exchange"/>.</summary>
    public static JournalDraft Converted(JournalSource source, AccountCode account, Money sold, Money bought) =>
        JournalDraft.Of(source, JournalKind.Fx,
            new Line(account, -sold), new Line(Exchange, sold), new Line(account, bought), new Line(Exchange, -bought));
}
