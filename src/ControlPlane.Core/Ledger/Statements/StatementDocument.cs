using System.Globalization;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;

namespace ControlPlane.Core.Ledger.Statements;

/// <summary>A statement as a page for a screen, for paper and for PDF.</summary>
public static class StatementDocument
{
    /// <summary>Sales that are listed one by one; a party with more finds all of them in the CSV.</summary>
    public const int SalesMax = 1000;

    static readonly (string Name, JournalKind[] Kinds)[] sections =
    [
        ("Shares of sales", [JournalKind.Shares]),
        ("Taken back after refunds and lost disputes", [JournalKind.ShareReversal]),
        ("Released from held to payable", [JournalKind.Release]),
        ("Adjustments", [JournalKind.Clawback, JournalKind.WriteOff, JournalKind.Fx]),
        ("Payouts", [JournalKind.Payout, JournalKind.PayoutSettled, JournalKind.PayoutReversed]),
    ];

    public static HtmlDocument Write(StatementSheet sheet)
    {
        var (statement, party) = (sheet.Statement, sheet.PartyThen);
        var month = statement.Month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
        var title = sheet.NumberText is { } number ? $"Statement {number}" : $"Draft of a statement, {month}";
        return new HtmlDocument(title, Html.Of($"""
            <header><div><h1>{title}</h1><div>{month}, {statement.Currency.Code}</div><div class="quiet">{Issued(sheet)}</div>{SelfBilled(party)}{Mark(sheet.Mode)}</div>
            <address><strong>{party.Name}</strong>
            {party.Address}
            {party.Country}
            {TaxId(party)}</address></header>
            <h2>Summary</h2>
            <table><thead><tr><th></th><th class="n">Held</th><th class="n">Payable</th><th class="n">In payout</th></tr></thead><tbody>
            {Row(sheet, "Opening", statement.Opening)}{sections.Select(s => Row(sheet, s.Name, Total(statement, s.Kinds)))}{Row(sheet, "Closing", statement.Closing, "sum")}
            </tbody></table>
            {Tax(sheet)}{Contracts(sheet)}{Sales(sheet)}{Movements(sheet)}
            """));
    }

    static PartyBalance Total(PartyStatement statement, JournalKind[] kinds) => kinds.Aggregate(default(PartyBalance), (sum, kind) => sum + statement.Total(kind));

    static string Issued(StatementSheet sheet) => sheet.IssuedAt is { } at ? $"Issued {Day(at)}. This month is closed and does not change." : "This month is not closed: amounts may still change.";

    static Html SelfBilled(StatementParty party) => party.IsSelfBilled ? Html.Of($"""<p class="mark">Self-billing</p>""") : Html.Empty;

    static Html Mark(LedgerMode mode) => mode switch
    {
        LedgerMode.Live => Html.Empty,
        LedgerMode.Test => Html.Of($"""<p class="mark">Test: no money moves</p>"""),
        _ => Html.Of($"""<p class="mark">Simulated: no money moves</p>"""),
    };

    static string TaxId(StatementParty party) => party switch
    {
        { TaxId: "" } => "",
        { TaxIdValidatedOn: { } on } => $"Tax id {party.TaxId}, validated {on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
        _ => $"Tax id {party.TaxId}, not validated",
    };

    static Html Row(StatementSheet sheet, string name, PartyBalance balance, string style = "") =>
        Html.Of($"""<tr class="{style}"><td>{name}</td><td class="n">{Major(sheet, balance.Held)}</td><td class="n">{Major(sheet, balance.Payable)}</td><td class="n">{Major(sheet, balance.InPayout)}</td></tr>""");

    static Html Tax(StatementSheet sheet) => sheet.Tax is not { } tax ? Html.Empty : Html.Of($"""
        <h2>Tax</h2>
        <table><tbody><tr><td>{Percent(tax.RatePpm)} % on {Major(sheet, tax.BasisMinor)}, as the party has told; part of no amount above</td><td class="n">{Major(sheet, tax.TaxMinor)}</td></tr></tbody></table>
        """);

    static Html Contracts(StatementSheet sheet) => sheet.Contracts is [] ? Html.Empty : Html.Of($"""
        <h2>Shares by contract</h2>
        <table><thead><tr><th>Contract</th><th class="n">Version</th><th class="n">Sales</th><th class="n">Share</th></tr></thead><tbody>
        {sheet.Contracts.Select(c => Html.Of($"""<tr><td><code>{c.Contract.ToString()}</code></td><td class="n">{c.Version}</td><td class="n">{c.Sales}</td><td class="n">{Major(sheet, c.ShareMinor)}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Sales(StatementSheet sheet) => sheet.Sales is [] ? Html.Empty : Html.Of($"""
        <h2>Sales</h2>
        <table><thead><tr><th>Paid</th><th>Invoice</th><th>Customer</th><th class="n">Sale without tax</th><th class="n">Share</th></tr></thead><tbody>
        {sheet.Sales.Take(SalesMax).Select(s => Html.Of($"""<tr><td>{Day(s.PaidAt)}</td><td><code>{s.InvoiceId}</code></td><td><code>{s.OrganizationId}</code></td><td class="n">{Major(sheet, s.SaleMinor)}</td><td class="n">{Major(sheet, s.ShareMinor)}</td></tr>"""))}
        </tbody></table>{Rest(sheet.Sales.Count)}
        """);

    static Html Rest(int count) => count <= SalesMax ? Html.Empty : Html.Of($"""<p class="quiet">And {count - SalesMax} more, all of which are in the statement as CSV.</p>""");

    /// <summary>What is neither a sale nor its release, which the tables above sum up.</summary>
    static Html Movements(StatementSheet sheet)
    {
        var lines = sheet.Statement.Lines.Where(l => l.Kind is not (JournalKind.Shares or JournalKind.Release)).Take(SalesMax).ToList();
        return lines is [] ? Html.Empty : Html.Of($"""
            <h2>Other movements</h2>
            <table><thead><tr><th>Posted</th><th>What</th><th>About</th><th class="n">Held</th><th class="n">Payable</th><th class="n">In payout</th></tr></thead><tbody>
            {lines.Select(l => Html.Of($"""<tr><td>{Day(l.PostedAt)}</td><td>{l.Kind.ToText().Replace('_', ' ')}{(l.IsPriorPeriod ? ", prior period" : "")}</td><td><code>{l.SourceId}</code> {l.Memo}</td><td class="n">{Major(sheet, l.Change.Held)}</td><td class="n">{Major(sheet, l.Change.Payable)}</td><td class="n">{Major(sheet, l.Change.InPayout)}</td></tr>"""))}
            </tbody></table>
            """);
    }

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Major(StatementSheet sheet, long minor) => new Money(minor, sheet.Statement.Currency).ToMajorText();

    static string Percent(int ppm) => (ppm / 10_000m).ToString("0.####", CultureInfo.InvariantCulture);
}
