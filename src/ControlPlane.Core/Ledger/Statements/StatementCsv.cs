using System.Globalization;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;

namespace ControlPlane.Core.Ledger.Statements;

/// <summary>A statement as comma-separated values (RFC 4180), the same in every country: minor units for programs, major units with a point for people.</summary>
public static class StatementCsv
{
    static readonly string[] columns =
    [
        "line", "posted_at", "effective_at", "prior_period", "kind", "source_type", "source_id", "journal", "contracts", "memo", "currency",
        "held_minor", "payable_minor", "in_payout_minor", "held", "payable", "in_payout", "mode",
    ];

    /// <param name="mode">Whether the amounts are real; on each line, since lines are what travels on.</param>
    public static string Write(PartyStatement statement, LedgerMode mode)
    {
        var csv = new CsvText();
        csv.Append(columns);
        csv.Append([.. Blank("opening"), .. Amounts(statement.Opening, statement.Currency), mode.ToText()]);
        foreach (var line in statement.Lines)
        {
            csv.Append(
            [
                "change", Instant(line.PostedAt), Instant(line.EffectiveAt), line.IsPriorPeriod ? "yes" : "no", line.Kind.ToText(), line.SourceType, line.SourceId, line.Journal.ToString(),
                string.Join(' ', line.Contracts), line.Memo ?? "", .. Amounts(line.Change, statement.Currency), mode.ToText(),
            ]);
        }
        csv.Append([.. Blank("closing"), .. Amounts(statement.Closing, statement.Currency), mode.ToText()]);
        return csv.ToString();
    }

    static IEnumerable<string> Blank(string name) => [name, .. Enumerable.Repeat("", 9)];

    static IEnumerable<string> Amounts(PartyBalance balance, Currency currency)
    {
        long[] amounts = [balance.Held, balance.Payable, balance.InPayout];
        return [currency.Code, .. amounts.Select(a => a.ToString(CultureInfo.InvariantCulture)), .. amounts.Select(a => new Money(a, currency).ToMajorText())];
    }

    static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
