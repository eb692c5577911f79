using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Documents;

namespace ControlPlane.Core.Billing.Invoices;

/// <summary>Who issues invoices, and where their money goes; section <c>Billing</c>.</summary>
public sealed class SellerOptions
{
    public string SellerName { get; set; } = "Faktory Cloud";
    public string SellerAddress { get; set; } = "";
    public string SellerTaxId { get; set; } = "";

    /// <summary>Where customers transfer to, in as many lines as it takes: holder, IBAN, BIC, bank.</summary>
    public string BankAccount { get; set; } = "";
}

/// <summary>An invoice as a page for a screen, for paper and for PDF.</summary>
public static class InvoiceDocument
{
    public static HtmlDocument Write(Invoice invoice, SellerOptions seller)
    {
        var currency = Currency.Parse(invoice.Currency);
        var to = JsonSerializer.Deserialize<BillTo>(invoice.BillTo)!;
        return new HtmlDocument($"Invoice {invoice.Number}", Html.Of($"""
            <header><div><h1>Invoice {invoice.Number}</h1><div>{Day(invoice.IssuedAt)}</div>{Mark(invoice)}</div>
            <address><strong>{seller.SellerName}</strong>
            {seller.SellerAddress}
            {TaxId(seller.SellerTaxId)}</address></header>
            <address><strong>{to.Name}</strong>
            {to.Address}
            {to.Country}
            {TaxId(to.TaxId)}</address>
            <h2>What it is for</h2>
            <table><thead><tr><th>Description</th><th>Period</th><th class="n">Quantity</th><th class="n">{invoice.Currency}</th></tr></thead><tbody>
            {invoice.Lines.OrderBy(l => l.Line).Select(l => Line(l, currency))}
            {Sum("Discounts", -invoice.DiscountMinor, currency)}{Sum(Tax(to), invoice.TaxMinor, currency)}
            <tr class="sum"><td colspan="3">Total</td><td class="n">{Major(invoice.TotalMinor, currency)}</td></tr>
            {Sum("From your balance", -invoice.FromBalanceMinor, currency)}{Sum("Paid", -invoice.PaidMinor, currency)}{Sum("Credited", -invoice.CreditedMinor, currency)}
            </tbody></table>
            {Payment(invoice, seller, currency)}
            """));
    }

    static Html Line(InvoiceLine line, Currency currency) => Html.Of($"""
        <tr><td>{line.Description}</td><td>{Day(line.PeriodStart)} to {Day(line.PeriodEnd)}</td><td class="n">{line.Quantity}</td><td class="n">{Major(line.AmountMinor, currency)}</td></tr>
        """);

    static Html Sum(string name, long minor, Currency currency) =>
        minor == 0 ? Html.Empty : Html.Of($"""<tr><td colspan="3">{name}</td><td class="n">{Major(minor, currency)}</td></tr>""");

    static Html Mark(Invoice invoice) => invoice switch
    {
        { Mode: not Ledger.LedgerMode.Live } => Html.Of($"""<p class="mark">Simulated: no money moves</p>"""),
        { State: InvoiceState.Void } => Html.Of($"""<p class="mark">Void</p>"""),
        { State: InvoiceState.Paid } => Html.Of($"""<p class="quiet">Paid {(invoice.SettledAt is { } at ? Day(at) : "")}</p>"""),
        _ => Html.Empty,
    };

    static Html Payment(Invoice invoice, SellerOptions seller, Currency currency) => invoice switch
    {
        { OpenMinor: 0 } => Html.Empty,
        { HostedAddress: { } address } => Html.Of($"""
            <h2>How to pay</h2>
            <p>Your payment method is charged. To pay <strong>{Major(invoice.OpenMinor, currency)} {invoice.Currency}</strong> in another way: {address}</p>
            """),
        _ => ByTransfer(invoice, seller, currency),
    };

    static Html ByTransfer(Invoice invoice, SellerOptions seller, Currency currency) => Html.Of($"""
        <h2>How to pay</h2>
        <p>Please pay <strong>{Major(invoice.OpenMinor, currency)} {invoice.Currency}</strong> by {Day(invoice.DueAt)}, with the reference <strong>{invoice.Number}</strong>.</p>
        <address>{seller.BankAccount}</address>
        """);

    static string Tax(BillTo to) => string.Create(CultureInfo.InvariantCulture, $"Tax {to.TaxRatePpm / 10_000m:0.####} %");

    static string TaxId(string id) => id.Length == 0 ? "" : $"Tax id {id}";

    static string Major(long minor, Currency currency) => new Money(minor, currency).ToMajorText();

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
