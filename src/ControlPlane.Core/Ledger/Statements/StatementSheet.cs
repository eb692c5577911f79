using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Parties;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Statements;

/// <summary>A sale that the party had a share of.</summary>
/// <param name="SaleMinor">Its cash without tax, in the statement's currency.</param>
public sealed record StatementSale(DateTimeOffset PaidAt, string PaymentId, string InvoiceId, string OrganizationId, long SaleMinor, long ShareMinor);

/// <summary>What the month's sales brought by one version of a contract.</summary>
public sealed record StatementContract(ContractId Contract, int Version, int Sales, long ShareMinor);

/// <summary>The party's own tax on what it earned, where the operator writes its invoices: the rate is the party's to know, and is only shown.</summary>
public sealed record StatementTax(long BasisMinor, int RatePpm, long TaxMinor);

/// <summary>A month of a party with everything that goes onto paper, from the same rows as its other forms.</summary>
/// <param name="Number">Null while the month may still change.</param>
/// <param name="Mode">Whether its amounts are real: of the journals, which are of one mode.</param>
/// <param name="PartyThen">Who the party was when the month was closed; who it is while it is not.</param>
public sealed record StatementSheet(
    PartyStatement Statement, int? Number, DateTimeOffset? IssuedAt, StatementParty PartyThen, IReadOnlyList<StatementSale> Sales, IReadOnlyList<StatementContract> Contracts, StatementTax? Tax, LedgerMode Mode)
{
    public string? NumberText => Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Statement.Party.Id}-{number:0000}") : null;
}

public static class StatementSheets
{
    /// <param name="month">Its first day.</param>
    public static async Task<StatementSheet> ReadStatementSheetAsync(this ControlPlaneDb db, Party party, Currency currency, DateOnly month, CancellationToken cancel)
    {
        var statement = await db.ReadStatementAsync(party, currency, month, cancel);
        var issued = await db.IssuedStatements.AsNoTracking()
            .SingleOrDefaultAsync(s => s.PartyKind == party.Kind && s.PartyId == party.Id && s.Currency == currency.Code && s.Month == month, cancel);
        var payments = statement.Lines.Where(l => l.Kind == JournalKind.Shares).Select(l => l.Correlation).ToArray();
        var accruals = await db.ShareAccruals.AsNoTracking().Include(a => a.Parts)
            .Where(a => a.PartyKind == party.Kind && a.PartyId == party.Id && a.Currency == currency.Code && payments.Contains(a.PaymentId)).OrderBy(a => a.PaidAt).ThenBy(a => a.Id).ToListAsync(cancel);
        var parts = accruals.SelectMany(a => a.Parts).GroupBy(p => p.ContractId).ToList();
        var ids = parts.Select(p => p.Key).ToList();
        var versions = await db.ShareContracts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Version, cancel);
        var then = issued is null ? await db.ReadPartyAsync(party, cancel) : JsonSerializer.Deserialize<StatementParty>(issued.PartyThen)!;
        return new StatementSheet(
            statement, issued?.Number, issued?.IssuedAt, then,
            [.. accruals.Select(a => new StatementSale(a.PaidAt, a.PaymentId, a.InvoiceId, a.OrganizationId, a.SaleMinor, a.ShareMinor))],
            [.. parts.Select(p => new StatementContract(p.Key, versions[p.Key], p.Count(), p.Sum(x => x.ShareMinor))).OrderBy(c => c.Version).ThenBy(c => c.Contract.ToString(), StringComparer.Ordinal)],
            then.IsSelfBilled ? TaxOf(statement, then) : null,
            await db.Journals.AsNoTracking().Select(j => (LedgerMode?)j.Mode).FirstOrDefaultAsync(cancel) ?? LedgerMode.Live);
    }

    static StatementTax TaxOf(PartyStatement statement, StatementParty party)
    {
        var (earned, returned) = (statement.Total(JournalKind.Shares), statement.Total(JournalKind.ShareReversal));
        var basis = earned.Held + earned.Payable + returned.Held + returned.Payable;
        return new StatementTax(basis, party.TaxRatePpm, Rounding.HalfAway(basis, party.TaxRatePpm, 1_000_000));
    }

    static async Task<StatementParty> ReadPartyAsync(this ControlPlaneDb db, Party party, CancellationToken cancel) =>
        await db.Parties.AsNoTracking().SingleOrDefaultAsync(p => p.Kind == party.Kind && p.Id == party.Id, cancel) is PartyProfile known
            ? new StatementParty(known.Name, known.Address, known.Country, known.TaxId, known.TaxIdValidatedOn, known.TaxRatePpm, known.IsSelfBilled)
            : new StatementParty(party.Id, "", "", "", null, 0, false);
}
