using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Releases;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Ledger;

/// <summary>
/// From the release of shares to the settled payout, with a process that dies at every moment there is: before each command to the database, before and after each commit, and around each
/// word to the rail. Each death loses all that the process had in memory and rolls back what it had not committed; the next one begins anew, and dies one moment later.
/// </summary>
public sealed class InterruptedPayoutTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_process_that_dies_at_every_moment_in_turn_sends_each_payout_exactly_once()
    {
        var moments = new Moments();
        await using var world = await LedgerWorld.WithPartiesAsync(postgres, services => services.ConfigureDbContext<ControlPlaneDb>(options => options.AddInterceptors(moments.Commands, moments.Commits)));
        var rail = new RecordingRail(PayoutRail.StripeTransfer) { Moment = moments.Pass };
        await world.AccrueAsync("pay_1");
        world.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero));
        var deaths = 0;

        for (var survives = 0; ; survives++)
        {
            moments.DieAfter(survives);
            if (await LiveAsync(world, rail))
                break;
            deaths++;
        }
        moments.DieAfter(int.MaxValue);

        deaths.ShouldBeGreaterThan(25);
        rail.Transfers.Values.ShouldBe([1, 1]);
        (await world.ReadAsync(db => db.Payouts.ToListAsync())).ShouldAllBe(p => p.State == PayoutState.Settled);
        (await world.SumAsync(AccountCode.Bank)).ShouldBe(-980 - 1182);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0));
        (await world.SumAsync(LedgerWorld.Reseller.InPayout)).ShouldBe(0);
        await world.ShouldAgreeAsync();
        TestContext.Current.SendDiagnosticMessage($"died {deaths} times");
    }

    [Fact]
    public async Task Several_senders_at_a_time_send_each_payout_exactly_once()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        var rail = new RecordingRail(PayoutRail.StripeTransfer);
        await world.AccrueAsync("pay_1");
        world.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero));
        await world.ReleaseAsync();
        world.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 15, 0, 0, 0, TimeSpan.Zero));
        await world.RunPayoutsAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LiveAsync(world, rail)));

        rail.Transfers.Values.ShouldBe([1, 1]);
    }

    /// <returns>False when it died.</returns>
    static async Task<bool> LiveAsync(LedgerWorld world, RecordingRail rail)
    {
        try
        {
            await using var fleet = world.Process.Fleet();
            await fleet.Db.ReleaseDueSharesAsync(LedgerWorld.By, world.Clock, CancellationToken.None);
            // Whatever was released today is paid at the end of it.
            world.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 15, 0, 0, 0, TimeSpan.Zero));
            await fleet.Db.RunPayoutsAsync(PayoutRuns.LastCutOff(world.Clock.GetUtcNow()), world.Options, LedgerWorld.Anna, LedgerWorld.By, world.Clock, CancellationToken.None);
            await fleet.Db.SendDuePayoutsAsync([rail], Actor.System("test"), LedgerWorld.By, world.Clock, CancellationToken.None);
            return true;
        }
        catch (Exception death) when (death is DeathException || death.InnerException is DeathException)
        {
            return false;
        }
    }
}
