using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Billing.Stripe.Transfers;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Double;
using Payout = ControlPlane.Core.Ledger.Payouts.Payout;

namespace ControlPlane.Tests.Ledger.Transfers;

/// <summary>The ledger's world with its two parties at Stripe's double, on the same clock.</summary>
sealed class TransferWorld : IAsyncDisposable
{
    static readonly DateTimeOffset cutOff = new(2026, 4, 15, 0, 0, 0, TimeSpan.Zero);

    TransferWorld(LedgerWorld ledger, StripeDouble stripe, HttpClient http)
    {
        (Ledger, Double, Http) = (ledger, stripe, http);
        // Without the SDK's own repetitions, which would hide what is tried here.
        Client = new StripeClient(new StripeClientOptions
        {
            ApiKey = stripe.ApiKey,
            ApiBase = stripe.BaseUrl,
            ConnectBase = stripe.BaseUrl,
            FilesBase = stripe.BaseUrl,
            MeterEventsBase = stripe.BaseUrl,
            HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: 0),
        });
        Rail = new StripeTransferRail(Client, new BillingMode(Options.Create(new StripeOptions { Key = stripe.ApiKey })));
        Reversals = new StripeReversals(Client);
    }

    internal LedgerWorld Ledger { get; }
    internal StripeDouble Double { get; }
    internal StripeClient Client { get; }
    internal StripeTransferRail Rail { get; }
    internal StripeReversals Reversals { get; }
    HttpClient Http { get; }

    /// <param name="funds">On the operator's balance.</param>
    internal static async Task<TransferWorld> StartAsync(PostgresFixture postgres, HttpMessageHandler? handler = null, long funds = 100_000, Action<IServiceCollection>? configure = null)
    {
        var ledger = await LedgerWorld.WithPartiesAsync(postgres, configure);
        var stripe = await StripeDouble.StartAsync(new() { Clock = ledger.Clock });
        var world = new TransferWorld(ledger, stripe, new HttpClient(handler ?? new SocketsHttpHandler()));
        if (funds > 0)
            await stripe.AddFundsAsync(funds, "usd");
        foreach (var party in (Party[])[LedgerWorld.Vendor, LedgerWorld.Reseller])
            await world.ConnectAsync(party);
        return world;
    }

    async Task ConnectAsync(Party party)
    {
        var account = await new AccountService(Double.NewClient()).CreateAsync(new() { Type = "express", Capabilities = new() { Transfers = new() { Requested = true } } });
        await Double.EnableAccountAsync(account.Id);
        await Ledger.RunAsync(
            async db =>
            {
                (await db.Parties.SingleAsync(p => p.Kind == party.Kind && p.Id == party.Id)).MoveTo(PayoutRail.StripeTransfer, account.Id, LedgerWorld.Start);
                return 0;
            },
            Ledger.Api);
    }

    internal async Task<string> AccountAsync(Party party) => await Ledger.ReadAsync(db => db.Parties.Where(p => p.Kind == party.Kind && p.Id == party.Id).Select(p => p.Destination).SingleAsync());

    /// <summary>9.80 and 11.82 are payable, and set aside.</summary>
    internal async Task SetAsideAsync()
    {
        await Ledger.AccrueAsync("pay_1");
        Ledger.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero));
        await Ledger.ReleaseAsync();
        Ledger.Clock.SetUtcNow(cutOff);
        await Ledger.RunPayoutsAsync();
    }

    internal async Task<int> SendAsync()
    {
        await using var fleet = Ledger.Process.Fleet();
        return await fleet.Db.SendDuePayoutsAsync([Rail], Actor.System("test"), LedgerWorld.By, Ledger.Clock, CancellationToken.None);
    }

    internal async Task<int> ReverseAsync()
    {
        await using var fleet = Ledger.Process.Fleet();
        return await fleet.Db.SendReversalsAsync([Reversals], Actor.System("test"), LedgerWorld.By, Ledger.Clock, CancellationToken.None);
    }

    internal async Task<List<long>> TransfersAsync() => [.. (await new TransferService(Double.NewClient()).ListAsync()).Data.Select(t => t.Amount).Order()];

    internal Task<List<Payout>> PayoutsAsync() => Ledger.ReadAsync(db => db.Payouts.AsNoTracking().OrderBy(p => p.AmountMinor).ToListAsync());

    internal Task<List<string>> WaitingAsync() =>
        Ledger.ReadAsync(db => db.Alerts.Where(a => a.Kind == Alerts.PayoutWaiting && a.ResolvedAt == null).OrderBy(a => a.Message).Select(a => a.Message).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await Double.DisposeAsync();
        Http.Dispose();
        await Ledger.DisposeAsync();
    }
}
