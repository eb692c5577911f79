using System.Globalization;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>Tells Stripe's meters of blocks of jobs beyond what plans include, as they begin.</summary>
sealed class StripeUsage(IStripeClient stripe)
{
    /// <summary>After a period has ended, while its invoice is a draft, what was done in it still counts.</summary>
    static readonly TimeSpan lateFor = TimeSpan.FromMinutes(45);

    readonly StripeMeters meters = new(stripe);

    internal async Task ReportAsync(ControlPlaneDb db, BillingAccount account, DateTimeOffset now, CancellationToken cancel)
    {
        if (account is not { ProviderCustomerId: { } customer, ProviderSubscriptionId: not null, PeriodStart: { } start, PeriodEnd: { } end })
            return;
        await ReportAsync(db, account, customer, start, end, now < end ? now : end.AddSeconds(-1), cancel);
        if (now - start < lateFor && await db.UsagePeriods.Where(u => u.OrganizationId == account.OrganizationId && u.PeriodStart < start).MaxAsync(u => (DateTimeOffset?)u.PeriodStart, cancel) is { } earlier)
            await ReportAsync(db, account, customer, earlier, start, start.AddSeconds(-1), cancel);
    }

    async Task ReportAsync(ControlPlaneDb db, BillingAccount account, string customer, DateTimeOffset start, DateTimeOffset end, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var used in await db.UsagePeriods.Where(u => u.OrganizationId == account.OrganizationId && u.PeriodStart == start).ToListAsync(cancel))
        {
            var item = await db.SubscriptionItems.Where(i => i.InstanceId == used.InstanceId && !i.IsAddOn && (i.State == SubscriptionItemState.Active || i.EndedAt >= end)).OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancel);
            if (item is null || await Renewal.BlocksAsync(db, account, item, used, cancel) is not { } blocks || blocks <= used.ReportedBlocks)
                continue;
            var subject = string.Create(CultureInfo.InvariantCulture, $"{used.InstanceId}-{start.ToUnixTimeSeconds()}");
            var upTo = (int)Math.Min(blocks, used.ReportedBlocks + BlocksMax);
            await meters.ReportAsync(item.PlanKey, item.PlanVersion, customer, subject, used.ReportedBlocks, upTo, at, cancel);
            used.ReportedBlocks = upTo;
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>In one round; more follow in the next.</summary>
    const int BlocksMax = 100;
}
