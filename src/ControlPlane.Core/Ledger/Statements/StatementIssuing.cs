using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Statements;

static class StatementIssuing
{
    /// <summary>A statement for every party and currency in which the month opened or closed with something, or in which anything was posted.</summary>
    /// <returns>How many.</returns>
    internal static Task<int> IssueStatementsAsync(this ControlPlaneDb db, DateOnly month, DateTimeOffset now, CancellationToken cancel)
    {
        var (from, to) = (StatementReading.StartOf(month), StatementReading.StartOf(month.AddMonths(1)));
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH sums AS (
                SELECT e.account_id, -coalesce(sum(e.amount) FILTER (WHERE j.posted_at < {from}), 0) AS opening, -sum(e.amount) AS closing, bool_or(j.posted_at >= {from}) AS moved
                FROM entries e JOIN journals j ON j.id = e.journal_id JOIN ledger_accounts a ON a.id = e.account_id
                WHERE a.code IN ('V.HELD', 'V.PAYABLE', 'R.HELD', 'R.PAYABLE', 'PAYOUT') AND j.posted_at < {to} GROUP BY e.account_id),
            known AS (
                SELECT DISTINCT party_id, currency, CASE left(code, 1) WHEN 'V' THEN 'vendor' ELSE 'reseller' END AS party_kind FROM ledger_accounts WHERE code IN ('V.HELD', 'V.PAYABLE', 'R.HELD', 'R.PAYABLE')),
            balances AS (
                SELECT k.party_kind, k.party_id, k.currency, bool_or(s.moved OR s.opening <> 0 OR s.closing <> 0) AS wanted,
                    coalesce(sum(s.opening) FILTER (WHERE a.code LIKE '_.HELD'), 0)::bigint AS opening_held, coalesce(sum(s.opening) FILTER (WHERE a.code LIKE '_.PAYABLE'), 0)::bigint AS opening_payable,
                    coalesce(sum(s.opening) FILTER (WHERE a.code = 'PAYOUT'), 0)::bigint AS opening_in_payout,
                    coalesce(sum(s.closing) FILTER (WHERE a.code LIKE '_.HELD'), 0)::bigint AS closing_held, coalesce(sum(s.closing) FILTER (WHERE a.code LIKE '_.PAYABLE'), 0)::bigint AS closing_payable,
                    coalesce(sum(s.closing) FILTER (WHERE a.code = 'PAYOUT'), 0)::bigint AS closing_in_payout
                FROM known k JOIN ledger_accounts a ON a.party_id = k.party_id AND a.currency = k.currency AND (a.code = 'PAYOUT' OR left(a.code, 2) = CASE k.party_kind WHEN 'vendor' THEN 'V.' ELSE 'R.' END)
                JOIN sums s ON s.account_id = a.id GROUP BY 1, 2, 3)
            INSERT INTO issued_statements (party_kind, party_id, currency, month, number, party_then, opening_held_minor, opening_payable_minor, opening_in_payout_minor,
                closing_held_minor, closing_payable_minor, closing_in_payout_minor, issued_at)
            SELECT b.party_kind, b.party_id, b.currency, {month},
                coalesce((SELECT max(i.number) FROM issued_statements i WHERE i.party_kind = b.party_kind AND i.party_id = b.party_id), 0) + row_number() OVER (PARTITION BY b.party_kind, b.party_id ORDER BY b.currency),
                jsonb_build_object('Name', coalesce(p.name, b.party_id), 'Address', coalesce(p.address, ''), 'Country', coalesce(p.country, ''), 'TaxId', coalesce(p.tax_id, ''),
                    'TaxIdValidatedOn', p.tax_id_validated_on, 'TaxRatePpm', coalesce(p.tax_rate_ppm, 0), 'IsSelfBilled', coalesce(p.is_self_billed, false)),
                b.opening_held, b.opening_payable, b.opening_in_payout, b.closing_held, b.closing_payable, b.closing_in_payout, {now}
            FROM balances b LEFT JOIN parties p ON p.kind = b.party_kind AND p.id = b.party_id WHERE b.wanted
            """,
            cancel);
    }
}
