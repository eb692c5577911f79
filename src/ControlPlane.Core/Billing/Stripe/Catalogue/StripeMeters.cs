using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Core.Plans;
using Stripe;
using Stripe.Billing;

namespace ControlPlane.Core.Billing.Stripe.Catalogue;

/// <summary>Meters: one for the overage of each plan's version, in blocks of jobs.</summary>
sealed class StripeMeters(IStripeClient stripe)
{
    const int PageMax = 100;

    readonly ConcurrentDictionary<string, string> ids = new();

    internal static string EventOf(string planKey, int version) => string.Create(CultureInfo.InvariantCulture, $"overage-{planKey}-v{version}");

    internal async Task<string> EnsureAsync(PlanPrice price, CancellationToken cancel)
    {
        var (meters, name) = (new MeterService(stripe), EventOf(price.PlanKey, price.Version));
        if (ids.TryGetValue(name, out var id))
            return id;
        await foreach (var meter in meters.ListAutoPagingAsync(new() { Status = "active", Limit = PageMax }, cancellationToken: cancel))
            if (meter.EventName == name)
                return ids[name] = meter.Id;
        return ids[name] = (await meters.CreateAsync(
            new()
            {
                EventName = name,
                DisplayName = $"Jobs beyond {price.PlanKey} v{price.Version}, in blocks",
                DefaultAggregation = new() { Formula = "sum" },
                CustomerMapping = new() { Type = "by_id", EventPayloadKey = "stripe_customer_id" },
                ValueSettings = new() { EventPayloadKey = "value" },
            },
            cancellationToken: cancel)).Id;
    }

    /// <summary>One block each, named by its number: told again, Stripe refuses the identifier and nothing is counted twice.</summary>
    internal async Task ReportAsync(string planKey, int version, string customerId, string subject, int from, int to, DateTimeOffset at, CancellationToken cancel)
    {
        var events = new MeterEventService(stripe);
        for (var block = from + 1; block <= to; block++)
        {
            try
            {
                await events.CreateAsync(
                    new()
                    {
                        EventName = EventOf(planKey, version),
                        Identifier = string.Create(CultureInfo.InvariantCulture, $"{subject}-{block}"),
                        Timestamp = at.UtcDateTime,
                        Payload = new() { ["stripe_customer_id"] = customerId, ["value"] = "1" },
                    },
                    cancellationToken: cancel);
            }
            catch (StripeException told) when (told.StripeError?.Code == "duplicate_meter_event")
            {
                // By a round that died before it could remember.
            }
        }
    }
}
