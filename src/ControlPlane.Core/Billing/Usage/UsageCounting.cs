using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Usage;

/// <summary>Counts the jobs of the period from the newest sample of every instance. Counting again from the same sample adds nothing. The period is that of whoever pays, which may be a reseller.</summary>
public static class UsageCounting
{
    public static Task<int> CountUsageAsync(this ControlPlaneDb db, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        WITH newest AS (
            SELECT i.id, i.organization_id, s.total_processed, s.at,
                coalesce(a.anchor_at AT TIME ZONE 'UTC' + make_interval(months => a.period_index * CASE a."interval" WHEN 'year' THEN 12 ELSE 1 END), date_trunc('month', {now}::timestamptz AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC' AS period_start
            FROM instances i
            CROSS JOIN LATERAL (SELECT total_processed, at FROM instance_samples WHERE instance_id = i.id ORDER BY at DESC LIMIT 1) s
            LEFT JOIN subscription_items p ON p.instance_id = i.id AND NOT p.is_add_on AND p.state <> 'ended'
            LEFT JOIN billing_accounts a ON a.organization_id = coalesce(p.organization_id, i.organization_id)
            WHERE i.desired <> 'deleted'),
        before AS (
            SELECT DISTINCT ON (instance_id) instance_id, last_total FROM usage_periods ORDER BY instance_id, read_at DESC, period_start DESC)
        INSERT INTO usage_periods (instance_id, organization_id, period_start, jobs, last_total, read_at)
        SELECT n.id, n.organization_id, n.period_start, CASE WHEN n.total_processed < coalesce(b.last_total, 0) THEN n.total_processed ELSE n.total_processed - coalesce(b.last_total, 0) END, n.total_processed, n.at
        FROM newest n LEFT JOIN before b ON b.instance_id = n.id
        ON CONFLICT (instance_id, period_start) DO UPDATE SET
            jobs = usage_periods.jobs + CASE WHEN excluded.last_total < usage_periods.last_total THEN 0 ELSE excluded.last_total - usage_periods.last_total END,
            last_total = excluded.last_total, read_at = excluded.read_at
        WHERE excluded.last_total <> usage_periods.last_total
        """, cancel);
}
