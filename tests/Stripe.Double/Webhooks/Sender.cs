using System.Text;
using Stripe.Double.State;

namespace Stripe.Double.Webhooks;

/// <summary>An attempt to deliver an event.</summary>
/// <param name="EventId">evt_…</param>
/// <param name="EventType">Such as invoice.paid.</param>
/// <param name="Answered">The receiver's status, or null before the attempt and where there was no answer.</param>
public sealed record WebhookAttempt(string EventId, string EventType, int? Answered);

/// <summary>
/// Posts what is ready, one after another, signed. It holds the double's lock only to look and to record, so a receiver may call the API while it
/// is being told.
/// </summary>
sealed class Sender(StripeDouble stripe, TimeProvider clock) : IDisposable
{
    const int sentAtOnceMax = 10_000;
    static readonly TimeSpan answersWithin = TimeSpan.FromSeconds(20);

    readonly HttpClient http = new() { Timeout = answersWithin };
    readonly SemaphoreSlim one = new(1, 1);
    readonly Lock gate = new();
    readonly List<WebhookFault> faults = [];

    internal Func<WebhookAttempt, Task>? Before { get; set; }

    internal Func<WebhookAttempt, Task>? After { get; set; }

    internal void Plan(WebhookFault fault)
    {
        lock (gate)
            faults.Add(fault);
    }

    internal void ClearFaults()
    {
        lock (gate)
            faults.Clear();
    }

    /// <summary>Sends until nothing is ready, and says how many attempts that took.</summary>
    internal async Task<int> SendReadyAsync(CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            for (var sent = 0; sent < sentAtOnceMax; sent++)
                if (!await SendNextAsync(cancel))
                    return sent;
            throw new InvalidOperationException($"more than {sentAtOnceMax} webhooks in one go: does the receiver cause events that it is told of?");
        }
        finally
        {
            one.Release();
        }
    }

    async Task<bool> SendNextAsync(CancellationToken cancel)
    {
        var next = await stripe.AloneAsync(Next);
        if (next is null)
            return false;
        var attempt = new WebhookAttempt(next.EventId, next.EventType, null);
        if (Before is { } before)
            await before(attempt);
        for (var copy = 1; copy < next.Copies; copy++)
            await PostAsync(next, cancel);
        var answered = next.IsDropped ? null : await PostAsync(next, cancel);
        await stripe.AloneAsync(world =>
        {
            // The double may have been reset while this one was under way.
            if (world.Store[next.DeliveryId] is { } delivery)
                Deliveries.Record(world, delivery, answered);
            return true;
        });
        if (After is { } after)
            await after(attempt with { Answered = answered });
        return true;
    }

    async Task<int?> PostAsync(Envelope envelope, CancellationToken cancel)
    {
        using var content = new StringContent(envelope.Payload, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, envelope.Url) { Content = content };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", envelope.Signature);
        try
        {
            using var response = await http.SendAsync(request, cancel);
            return envelope.IsHungUp ? null : (int)response.StatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    Envelope? Next(World world)
    {
        while (Deliveries.Ready(world) is [var delivery, ..] ready)
        {
            var happened = world.Store[delivery.Str("event")]!;
            var fault = Take(happened.Str("type")!);
            if (world.Store[delivery.Str("endpoint")] is not { } endpoint || fault is { Kind: WebhookFaultKind.Lose })
                delivery["status"] = "failed";
            else if (fault is { Kind: WebhookFaultKind.Delay })
                delivery["next_at"] = world.Now + (long)fault.Delay.TotalSeconds;
            else if (fault is { Kind: WebhookFaultKind.Reorder } && ready.Count > 1)
            {
                world.Store.Remove(delivery);
                world.Store.Add(delivery);
            }
            else
                return Envelope.Of(world, delivery, happened, endpoint, fault, clock);
        }
        return null;
    }

    WebhookFault? Take(string type)
    {
        lock (gate)
        {
            var index = faults.FindIndex(fault => Events.Matches(fault.EventType, type));
            if (index < 0)
                return null;
            var fault = faults[index];
            if (fault.Times > 1)
                faults[index] = fault with { Times = fault.Times - 1 };
            else
                faults.RemoveAt(index);
            return fault;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        one.Dispose();
    }
}
