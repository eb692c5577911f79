using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Tests.Ledger.Transfers;

/// <summary>What Stripe tells of parties' accounts and of transfers to them.</summary>
public sealed class ConnectedAccountTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_transfer_that_its_sender_did_not_live_to_see_settles_its_payout_once()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();
        var payouts = await world.Ledger.ReadAsync(db => db.Payouts.OrderBy(p => p.AmountMinor).ToListAsync());
        await world.Ledger.RunAsync(async db => (await db.Payouts.SingleAsync(p => p.Id == payouts[0].Id)).MarkSending());
        var transfer = await world.Rail.SendAsync(payouts[0], CancellationToken.None);

        var convergence = new TransferConvergence(world.Client, new BillingMode(Options.Create(new StripeOptions { Key = world.Double.ApiKey })), world.Ledger.Clock);
        for (var times = 0; times < 2; times++)
            await world.Ledger.RunAsync(db => convergence.ConvergeAsync(db, transfer.Reference!, CancellationToken.None));

        (await world.Ledger.ReadAsync(db => db.Payouts.OrderBy(p => p.AmountMinor).ToListAsync())).Select(p => (p.State, p.Reference)).ShouldBe([(PayoutState.Settled, transfer.Reference), (PayoutState.Approved, null)]);
        (await world.Ledger.SumAsync(AccountCode.Stripe)).ShouldBe(-payouts[0].AmountMinor);
        await world.SendAsync();
        (await world.TransfersAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_operator_hears_of_an_account_that_cannot_be_paid_out_to_until_it_can_again()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        var (account, convergence) = (await world.AccountAsync(LedgerWorld.Vendor), new AccountConvergence(world.Client, world.Ledger.Clock));
        await world.Double.EnableAccountAsync(account, isEnabled: false);
        await world.Ledger.RunAsync(db => convergence.ConvergeAsync(db, account, CancellationToken.None));
        (await AlertsAsync(world)).Single().ShouldSatisfyAllConditions(a => a.Message.ShouldContain(account), a => a.ResolvedAt.ShouldBeNull());

        await world.Double.EnableAccountAsync(account);
        await world.Ledger.RunAsync(db => convergence.ConvergeAsync(db, account, CancellationToken.None));
        (await AlertsAsync(world)).Single().ResolvedAt.ShouldNotBeNull();
    }

    static Task<List<Alert>> AlertsAsync(TransferWorld world) => world.Ledger.ReadAsync((ControlPlaneDb db) => db.Alerts.Where(a => a.Kind == Alerts.PartyAccountClosed).ToListAsync());
}
