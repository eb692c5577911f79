using System.Globalization;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Billing.Inbox;

static class RequiredServices
{
    internal static T GetRequired<T>(this IServiceProvider services) where T : notnull => services.GetRequiredService<T>();
}

/// <summary>Everything about money that is stored, as text that two databases can be compared by: without ids, and without when it was stored.</summary>
static class StoredState
{
    internal static Task<string> ReadAsync(DeliveredWorld world) => world.ReadAsync(async db =>
    {
        var names = await db.BillingAccounts.ToDictionaryAsync(a => a.OrganizationId, a => a.Email);
        var lines = new List<string>();
        foreach (var account in await db.BillingAccounts.ToListAsync())
            lines.Add(Line("account", account.Email, account.Currency, account.Interval, account.AnchorAt, account.PeriodIndex, account.ProviderSubscriptionId is not null, account.Dunning, account.OverdueSince));
        foreach (var item in await db.SubscriptionItems.ToListAsync())
            lines.Add(Line("item", names[item.OrganizationId], item.PlanKey, item.PlanVersion, item.State, item.Quantity, item.CancelsAtPeriodEnd, item.ProviderItemId is not null));
        foreach (var instance in await db.Instances.ToListAsync())
            lines.Add(Line("instance", instance.Name, instance.PlanKey, instance.Desired, instance.IsSuspendedForDebt, string.Join(',', (await db.InstanceEntitlements.SingleAsync(e => e.InstanceId == instance.Id)).ToValues().Select(v => $"{v.Key}={v.Value}"))));
        foreach (var invoice in await db.Invoices.Include(i => i.Lines).ToListAsync())
            lines.Add(Line(
                "invoice", names[invoice.OrganizationId], invoice.State, invoice.Reason, invoice.TotalMinor, invoice.TaxMinor, invoice.FromBalanceMinor, invoice.PaidMinor, invoice.CreditedMinor,
                invoice.IssuedAt, invoice.SettledAt, invoice.FirstFailedAt, string.Join(';', invoice.Lines.OrderBy(l => l.Line).Select(l => Line(l.PlanKey, l.Quantity, l.AmountMinor, l.PeriodStart, l.PeriodEnd)))));
        var payments = await db.Payments.ToDictionaryAsync(p => p.Id);
        var told = payments.ToDictionary(p => p.Key.ToString(), p => Line(names[p.Value.OrganizationId], p.Value.ReceivedAt, p.Value.AmountMinor));
        foreach (var payment in payments.Values)
            lines.Add(Line("payment", told[payment.Id.ToString()], payment.AppliedMinor, payment.SettledMinor, payment.FeeMinor, payment.RefundedMinor, payment.LostMinor));
        foreach (var refund in await db.Refunds.ToListAsync())
            lines.Add(Line("refund", told[refund.PaymentId.ToString()], refund.AmountMinor, refund.TaxMinor, refund.State));
        foreach (var dispute in await db.Disputes.ToListAsync())
            lines.Add(Line("dispute", told[dispute.PaymentId.ToString()], dispute.AmountMinor, dispute.State));
        foreach (var note in await db.CreditNotes.ToListAsync())
            lines.Add(Line("note", names[note.OrganizationId], note.TotalMinor, note.ToBalanceMinor, note.RefundedMinor));
        foreach (var accrual in await db.ShareAccruals.ToListAsync())
            lines.Add(Line("accrual", told[accrual.PaymentId], accrual.PartyId, accrual.ShareMinor, accrual.ReversedHeldMinor + accrual.ReversedPayableMinor, accrual.FrozenAt is not null));
        foreach (var balance in await db.ReadBalancesAsync(null, CancellationToken.None))
            lines.Add(Line("balance", balance.Code, names.FirstOrDefault(n => n.Key.ToString() == balance.Owner).Value ?? balance.Owner, balance.Currency, balance.Minor));
        foreach (var kind in await db.Journals.GroupBy(j => j.Kind).Select(g => new { g.Key, Count = g.Count() }).ToListAsync())
            lines.Add(Line("journals", kind.Key, kind.Count));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    });

    static string Line(params object?[] values) => string.Join(' ', values.Select(v => v switch
    {
        null => "-",
        DateTimeOffset at => at.UtcDateTime.ToString("s", CultureInfo.InvariantCulture),
        Enum word => word.ToString(),
        _ => Convert.ToString(v, CultureInfo.InvariantCulture),
    }));
}
