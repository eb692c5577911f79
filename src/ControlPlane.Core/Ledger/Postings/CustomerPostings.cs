using ControlPlane.Core.Billing;
using static ControlPlane.Core.Ledger.AccountCode;

namespace ControlPlane.Core.Ledger.Postings;

/// <summary>What passes between customers and the operator. Amounts are positive; which side they go to is decided here. A pure function per kind of journal.</summary>
public static class CustomerPostings
{
    /// <summary>An invoice paid at once, by card.</summary>
    /// <param name="cash">What the customer paid, before the fee.</param>
    /// <param name="tax">Of the whole invoice.</param>
    /// <param name="fee">The payment fee of the balance transaction.</param>
    /// <param name="fromBalance">What the customer's balance met; the invoice's total is cash and this.</param>
    public static JournalDraft Payment(JournalSource source, AccountCode account, string customer, Money cash, Money tax, Money fee, Money fromBalance) =>
        JournalDraft.Of(source, JournalKind.Payment,
            new Line(account, cash - fee), new Line(Fee, fee), new Line(new(CustomerBalance, customer), fromBalance),
            new Line(Revenue, tax - cash - fromBalance), new Line(Tax, -tax));

    /// <summary>An invoice to be paid later.</summary>
    public static JournalDraft Issue(JournalSource source, string customer, Money total, Money tax, Money fromBalance) =>
        JournalDraft.Of(source, JournalKind.Issue,
            new Line(new(Receivable, customer), total - fromBalance), new Line(new(CustomerBalance, customer), fromBalance),
            new Line(Revenue, tax - total), new Line(Tax, -tax));

    /// <summary>Money for an issued invoice; what exceeds <paramref name="open"/> becomes the customer's balance.</summary>
    public static JournalDraft Receipt(JournalSource source, AccountCode account, string customer, Money cash, Money fee, Money open)
    {
        var applied = cash.Minor < open.Minor ? cash : open;
        return JournalDraft.Of(source, JournalKind.Receipt,
            new Line(account, cash - fee), new Line(Fee, fee), new Line(new(Receivable, customer), -applied), new Line(new(CustomerBalance, customer), applied - cash));
    }

    /// <summary>Cash back. The processor keeps its fee.</summary>
    /// <param name="booked">What it takes back of what was booked, at the rate of then, with its <paramref name="tax"/>.</param>
    /// <param name="cash">What left the account, at the rate of today; the difference is the operator's.</param>
    public static JournalDraft Refund(JournalSource source, AccountCode account, Money booked, Money tax, Money cash) =>
        JournalDraft.Of(source, JournalKind.Refund,
            new Line(account, -cash), new Line(Revenue, booked - tax), new Line(Tax, tax), new Line(Exchange, cash - booked));

    /// <summary>Less is owed for an invoice: of <paramref name="amount"/>, what is still open is taken off it, and the rest is the customer's to use. No cash moves, no share changes.</summary>
    public static JournalDraft CreditNote(JournalSource source, string customer, Money amount, Money tax, Money open)
    {
        var offOpen = amount.Minor < open.Minor ? amount : open;
        return JournalDraft.Of(source, JournalKind.CreditNote,
            new Line(Revenue, amount - tax), new Line(Tax, tax), new Line(new(Receivable, customer), -offOpen), new Line(new(CustomerBalance, customer), offOpen - amount));
    }

    /// <summary>An issued invoice of which nothing has been paid is taken back; what the balance met of it returns there.</summary>
    public static JournalDraft Void(JournalSource source, string customer, Money total, Money tax, Money fromBalance) =>
        JournalDraft.Of(source, JournalKind.Void,
            new Line(new(Receivable, customer), fromBalance - total), new Line(new(CustomerBalance, customer), -fromBalance),
            new Line(Revenue, total - tax), new Line(Tax, tax));

    /// <summary>The rest of an invoice that nobody will pay.</summary>
    /// <param name="taxRelieved">The tax in it that need not be paid either, where the law gives that.</param>
    public static JournalDraft WriteOff(JournalSource source, string customer, Money open, Money taxRelieved) =>
        JournalDraft.Of(source, JournalKind.WriteOff,
            new Line(BadDebt, open - taxRelieved), new Line(Tax, taxRelieved), new Line(new(Receivable, customer), -open));
}
