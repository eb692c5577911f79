using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Shares;

/// <param name="Field">shares, reversed_held, reversed_payable, released or refund_fee.</param>
public sealed record AccrualDisagreement(string PaymentId, string PartyId, string Field, long Accrued, long Posted);

/// <summary>Compares what accruals say with what the journals of their payments say. They are written together, so any difference is a fault.</summary>
public static class AccrualCheck
{
    /// <param name="limit">How many to name at most.</param>
    public static async Task<List<AccrualDisagreement>> FindDisagreementsAsync(this ControlPlaneDb db, int limit, CancellationToken cancel) =>
        await db.Database.SqlQuery<AccrualDisagreement>($"""
            WITH moved AS (
                SELECT j.correlation, a.party_id, a.currency, left(a.code, 1) AS party,
                    -coalesce(sum(e.amount) FILTER (WHERE j.kind = 'shares' AND a.code LIKE '_.HELD'), 0) AS shares,
                    coalesce(sum(e.amount) FILTER (WHERE j.kind = 'share_reversal' AND a.code LIKE '_.HELD'), 0) AS reversed_held,
                    coalesce(sum(e.amount) FILTER (WHERE j.kind = 'share_reversal' AND a.code LIKE '_.PAYABLE'), 0) AS reversed_payable,
                    coalesce(sum(e.amount) FILTER (WHERE j.kind = 'release' AND a.code LIKE '_.HELD'), 0) AS released,
                    coalesce(sum(e.amount) FILTER (WHERE j.kind = 'clawback' AND j.source_type <> 'dispute_fee' AND a.code LIKE '_.PAYABLE'), 0) AS refund_fee
                FROM journals j JOIN entries e ON e.journal_id = j.id JOIN ledger_accounts a ON a.id = e.account_id
                WHERE j.correlation IS NOT NULL AND a.code IN ('V.HELD', 'V.PAYABLE', 'R.HELD', 'R.PAYABLE') GROUP BY 1, 2, 3, 4)
            SELECT coalesce(s.payment_id, m.correlation) AS payment_id, coalesce(s.party_id, m.party_id) AS party_id, f.field, f.accrued, f.posted
            FROM share_accruals s FULL JOIN moved m
                ON m.correlation = s.payment_id AND m.party_id = s.party_id AND m.currency = s.currency AND m.party = CASE s.party_kind WHEN 'vendor' THEN 'V' ELSE 'R' END
            CROSS JOIN LATERAL (VALUES
                ('shares', coalesce(s.share_minor, 0), coalesce(m.shares, 0)::bigint), ('reversed_held', coalesce(s.reversed_held_minor, 0), coalesce(m.reversed_held, 0)::bigint),
                ('reversed_payable', coalesce(s.reversed_payable_minor, 0), coalesce(m.reversed_payable, 0)::bigint), ('released', coalesce(s.released_minor, 0), coalesce(m.released, 0)::bigint),
                ('refund_fee', coalesce(s.refund_fee_borne_minor, 0), coalesce(m.refund_fee, 0)::bigint)) AS f (field, accrued, posted)
            WHERE f.accrued <> f.posted ORDER BY 1, 2, 3 LIMIT {limit}
            """).ToListAsync(cancel);
}
