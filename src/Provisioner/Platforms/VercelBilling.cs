using System.Globalization;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Platforms;

/// <summary>
/// Every hour, what an installation's month costs so far and what was used; after a month has ended, its invoice; after the installation has ended, the last one.
/// A month is one of the calendar, in UTC. A resource that stood on a part of it costs that part, by the second.
/// </summary>
sealed class VercelBilling(VercelApi api)
{
    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    internal async Task<StepResult> SendAsync(PlatformCallContext call, VercelTokens tokens, CancellationToken cancel)
    {
        var (record, settings, now) = (call.Record, call.Settings, call.Step.Clock.GetUtcNow());
        var data = record.Read<VercelInstallation>();
        var end = record.EndedAt ?? now;
        var from = data.InvoicedUntil ?? MonthOf(record.CreatedAt).Start;
        while (MonthOf(from) is var month && (month.End <= now || record.EndedAt is not null) && from < end)
        {
            var (items, _) = await ReadAsync(call, month, cancel);
            var date = month.End <= end ? month.End.AddSeconds(-1) : end;
            var externalId = string.Create(CultureInfo.InvariantCulture, $"{record.ExternalId}-{month.Start:yyyy-MM}");
            if (items.Count > 0 && await api.SendInvoiceAsync(settings, tokens, record.ExternalId, externalId, date, month, items, cancel) is { } invoice)
                data = data.With(new VercelInvoice(externalId, invoice, items.Sum(i => (long)(decimal.Parse(i.Total, CultureInfo.InvariantCulture) * 100))));
            from = month.End;
            record.Write(data = data with { InvoicedUntil = from });
            await call.Db.SaveChangesAsync(cancel);
        }
        if (record.EndedAt is not null)
        {
            await api.FinalizeAsync(settings, tokens, record.ExternalId, cancel);
            return StepResult.Finished;
        }
        var (billing, usage) = await ReadAsync(call, MonthOf(now), cancel);
        await api.SendBillingAsync(settings, tokens, record.ExternalId, now, MonthOf(now), billing, usage, cancel);
        return new StepResult.Wait(Every);
    }

    static VercelPeriod MonthOf(DateTimeOffset at)
    {
        var start = new DateTimeOffset(at.UtcDateTime.Year, at.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new VercelPeriod(start, start.AddMonths(1));
    }

    static async Task<(List<VercelBillingItem> Items, List<VercelUsage> Usage)> ReadAsync(PlatformCallContext call, VercelPeriod period, CancellationToken cancel)
    {
        var (db, integration, now) = (call.Db, call.Integration.Id, call.Step.Clock.GetUtcNow());
        var records = await db.PlatformRecords.AsNoTracking().Where(r => r.IntegrationId == integration && r.Kind == PlatformRecordKinds.Product).ToListAsync(cancel);
        var ids = records.Where(r => r.Read<VercelResource>().Installation == call.Record.ExternalId).Select(r => r.ResourceId).ToList();
        var resources = await db.ManagedResources.AsNoTracking().Where(r => ids.Contains(r.Id) && r.CreatedAt < period.End && (r.EndedAt == null || r.EndedAt > period.Start)).ToListAsync(cancel);
        var (items, usage) = (new List<VercelBillingItem>(), new List<VercelUsage>());
        foreach (var resource in resources)
        {
            if (await PriceAsync(db, resource.PlanKey, cancel) is { AmountMinor: > 0 } price)
                items.Add(ToItem(resource, price, period, now, call.Settings));
            usage.AddRange(await ReadUsageAsync(call, resource, period, cancel));
        }
        return (items, usage);
    }

    static Task<PlanPrice?> PriceAsync(ControlPlane.Core.Data.ControlPlaneDb db, string plan, CancellationToken cancel) =>
        db.PlanPrices.AsNoTracking().Where(p => p.PlanKey == plan && p.Currency == "USD" && p.Interval == BillingInterval.Month).OrderByDescending(p => p.Version).FirstOrDefaultAsync(cancel);

    static VercelBillingItem ToItem(ManagedResource resource, PlanPrice price, VercelPeriod period, DateTimeOffset now, PlatformSettings settings)
    {
        var start = resource.CreatedAt > period.Start ? resource.CreatedAt : period.Start;
        var end = Earlier(Earlier(resource.EndedAt ?? period.End, period.End), now);
        var part = Math.Round((decimal)Math.Max(0, (end - start).TotalSeconds) / (decimal)(period.End - period.Start).TotalSeconds, 6, MidpointRounding.AwayFromZero);
        var monthly = price.AmountMinor / 100m;
        var plan = settings.PlanName(resource.PlanKey);
        return new VercelBillingItem(plan, resource.ExternalId, $"Faktory {plan}", Text(monthly), part, "month", Text(Math.Round(monthly * part, 2, MidpointRounding.AwayFromZero)));
    }

    static async Task<IEnumerable<VercelUsage>> ReadUsageAsync(PlatformCallContext call, ManagedResource resource, VercelPeriod period, CancellationToken cancel)
    {
        var instance = resource.InstanceId;
        var samples = call.Db.InstanceSamples.AsNoTracking().Where(s => s.InstanceId == instance && s.At >= period.Start && s.At < period.End);
        if (await samples.OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel) is not { } last)
            return [];
        var day = new DateTimeOffset(last.At.UtcDateTime.Date, TimeSpan.Zero);
        var first = await samples.OrderBy(s => s.At).FirstAsync(cancel);
        var today = await samples.Where(s => s.At >= day).OrderBy(s => s.At).FirstAsync(cancel);
        var storage = Math.Round(last.StorageBytes / 1_000_000m, 3);
        return
        [
            new VercelUsage(resource.ExternalId, "Jobs", "interval", "jobs", Math.Max(0, last.TotalProcessed - today.TotalProcessed), Math.Max(0, last.TotalProcessed - first.TotalProcessed)),
            new VercelUsage(resource.ExternalId, "Storage", "total", "MB", storage, storage),
        ];
    }

    static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    static string Text(decimal dollars) => dollars.ToString("0.00", CultureInfo.InvariantCulture);
}
