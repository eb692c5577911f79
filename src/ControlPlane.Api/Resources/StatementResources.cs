using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Statements;

namespace ControlPlane.Api.Resources;

static class StatementResources
{
    internal static StatementResource ToResource(this StatementSheet sheet)
    {
        var (statement, party) = (sheet.Statement, sheet.PartyThen);
        return new StatementResource(
            statement.Party.ToString(), MonthText(statement.Month), statement.Currency.Code, sheet.NumberText, statement.IsClosed, sheet.IssuedAt, party.Name, party.Address, party.Country, party.TaxId, party.TaxIdValidatedOn,
            party.IsSelfBilled, ToResource(statement.Opening), ToResource(statement.Closing), sheet.Tax is { } tax ? new StatementTaxResource(tax.BasisMinor, tax.RatePpm, tax.TaxMinor) : null,
            [.. sheet.Contracts.Select(c => new StatementContractResource(c.Contract.ToString(), c.Version, c.Sales, c.ShareMinor))],
            [.. sheet.Sales.Select(s => new StatementSaleResource(s.PaidAt, s.PaymentId, s.InvoiceId, s.OrganizationId, s.SaleMinor, s.ShareMinor))],
            [.. statement.Lines.Select(ToResource)], sheet.Mode.ToText());
    }

    internal static StatementSummary ToSummary(this IssuedStatement s) => new(
        new Party(s.PartyKind, s.PartyId).ToString(), MonthText(s.Month), s.Currency, string.Create(CultureInfo.InvariantCulture, $"{s.PartyId}-{s.Number:0000}"),
        new PartyBalanceResource(s.OpeningHeldMinor, s.OpeningPayableMinor, s.OpeningInPayoutMinor), new PartyBalanceResource(s.ClosingHeldMinor, s.ClosingPayableMinor, s.ClosingInPayoutMinor), s.IssuedAt);

    internal static string MonthText(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>yyyy-MM as the month's first day.</summary>
    internal static bool TryParseMonth(string? text, out DateOnly month) => DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out month);

    static StatementLineResource ToResource(StatementLine l) => new(
        l.Journal.ToString(), l.Kind.ToText(), l.SourceType, l.SourceId, l.EffectiveAt, l.PostedAt, l.IsPriorPeriod, [.. l.Contracts.Select(c => c.ToString())], l.Memo, ToResource(l.Change));

    static PartyBalanceResource ToResource(PartyBalance balance) => new(balance.Held, balance.Payable, balance.InPayout);
}
