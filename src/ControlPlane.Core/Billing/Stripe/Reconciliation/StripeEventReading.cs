using System.Text.Json;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>Stripe's list of events, for what was never delivered: all that it counts as undelivered, and all of the kinds that something follows from.</summary>
sealed class StripeEventReading(IStripeClient stripe, TimeProvider clock) : IEventReading
{
    const int PageMax = 100;

    /// <summary>Of one request, at Stripe.</summary>
    const int TypesMax = 20;

    public async Task<(int Looked, int Found)> ReadAsync(ControlPlaneDb db, DateTimeOffset since, CancellationToken cancel)
    {
        var (looked, found) = await ReadAsync(db, new() { DeliverySuccess = false }, since, cancel);
        foreach (var types in StripeEventTypes.Followed.Chunk(TypesMax))
        {
            var (more, news) = await ReadAsync(db, new() { Types = [.. types] }, since, cancel);
            (looked, found) = (looked + more, found + news);
        }
        return (looked, found);
    }

    async Task<(int Looked, int Found)> ReadAsync(ControlPlaneDb db, EventListOptions options, DateTimeOffset since, CancellationToken cancel)
    {
        var (looked, found) = (0, 0);
        (options.Limit, options.Created) = (PageMax, new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime });
        while (true)
        {
            var page = await new EventService(stripe).ListAsync(options, cancellationToken: cancel);
            // As Stripe wrote them, and not as the SDK would: they are kept, and read, like those that were delivered.
            using var json = JsonDocument.Parse(page.StripeResponse.Content);
            foreach (var happened in json.RootElement.GetProperty("data").EnumerateArray())
            {
                looked++;
                if (await db.TakeAsync(StripeEvents.FromList(happened.GetRawText()), InboxOrigin.Reconciled, clock, cancel))
                    found++;
            }
            if (!page.HasMore)
                return (looked, found);
            options.StartingAfter = page.Data[^1].Id;
        }
    }
}
