using System.Net.Http.Json;
using ControlPlane.Core.Billing.Clock;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>Where Stripe is a double, its time goes with the billing clock: renewals and retries come when a year is walked through.</summary>
sealed class SimulatedTime(IOptions<StripeOptions> options) : IBillingClockWork, IDisposable
{
    readonly HttpClient http = new() { BaseAddress = options.Value.Address };

    // Before everything else of that moment: what Stripe does in time is there to be looked at.
    public int Order => 5;

    public async Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel)
    {
        var clock = await http.GetFromJsonAsync<DoubleClock>("_double/clock", cancel);
        var behind = (long)(now - clock!.Now).TotalSeconds;
        if (behind <= 0)
            return;
        using var advanced = await http.PostAsJsonAsync("_double/clock/advance", new { seconds = behind }, cancel);
        advanced.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();

    sealed record DoubleClock(DateTimeOffset Now);
}
