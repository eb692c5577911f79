using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Releases;
using ControlPlane.Core.Ledger.Reversals;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Ledger.Rounds;

/// <summary>What parties have earned and is not held any more becomes payable.</summary>
public sealed class ReleaseShares(BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingClockWork
{
    public int Order => 30;

    public Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel) =>
        services.GetRequiredService<ControlPlaneDb>().ReleaseDueSharesAsync(mode.By(LedgerRounds.Actor.Id), billing, cancel);
}

/// <summary>
/// What is payable at the last 15th is set aside. Looked at again every time: a party that could not be paid then is paid as soon as it can be, and the operator is told why it is not.
/// </summary>
public sealed class MakePayouts(IOptions<PayoutOptions> options, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingClockWork
{
    public int Order => 40;

    public async Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel)
    {
        var db = services.GetRequiredService<ControlPlaneDb>();
        var run = await db.RunPayoutsAsync(PayoutRuns.LastCutOff(now), options.Value, LedgerRounds.Actor, mode.By(LedgerRounds.Actor.Id), billing, cancel);
        foreach (var skipped in run.Skipped.Where(s => s.Reason != PayoutSkip.BelowMinimum))
        {
            await db.RaiseAlertAsync(
                null, Alerts.Alerts.PayoutSkipped, AlertSeverity.Warning, $"{skipped.Party} {skipped.Currency}",
                $"{new Money(skipped.PayableMinor, skipped.Currency)} is owed to {skipped.Party} and cannot be paid out: {skipped.Reason.ToText()}.", billing, cancel);
        }
        foreach (var payout in run.Payouts)
            await db.ResolveAlertAsync(Alerts.Alerts.PayoutSkipped, $"{payout.Party} {payout.Currency}", billing, cancel);
        await db.SaveChangesAsync(cancel);
    }
}

/// <summary>What was approved is sent, by the rails that this process can use.</summary>
public sealed class SendPayouts(IEnumerable<IPayoutRail> rails, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingClockWork
{
    public int Order => 50;

    public Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel) =>
        services.GetRequiredService<ControlPlaneDb>().SendDuePayoutsAsync(rails, LedgerRounds.Actor, mode.By(LedgerRounds.Actor.Id), billing, cancel);
}

/// <summary>Transfers that are to be taken back are.</summary>
public sealed class SendReversals(IEnumerable<IReversibleRail> rails, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingClockWork
{
    public int Order => 60;

    public Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel) =>
        services.GetRequiredService<ControlPlaneDb>().SendReversalsAsync(rails, LedgerRounds.Actor, mode.By(LedgerRounds.Actor.Id, BillingProvider.Stripe), billing, cancel);
}

/// <summary>The ledger's work in the course of time, in its order.</summary>
public sealed class LedgerRounds(ReleaseShares release, MakePayouts payouts, SendPayouts sending, SendReversals reversals, IServiceScopeFactory scopes, [FromKeyedServices(BillingClock.Key)] TimeProvider billing)
{
    const int DisagreementsMax = 20;

    internal static readonly Actor Actor = Actor.System("ledger");

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var work in (IBillingClockWork[])[release, payouts, sending, reversals])
        {
            await using var fleet = scopes.CreateFleetScope();
            await work.RunDueAsync(fleet.Services, billing.GetUtcNow(), cancel);
        }
    }

    /// <summary>Computes everything anew, and tells the operator of what does not agree.</summary>
    public async Task CheckAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var found = (await fleet.Db.FindDisagreementsAsync(DisagreementsMax, cancel)).Select(d => $"{d.Field} of {d.PartyId} in {d.PaymentId}: {d.Accrued} accrued, {d.Posted} posted").ToList();
        found.AddRange((await fleet.Db.ReadBalancesAsync(null, cancel)).GroupBy(b => b.Currency).Where(g => g.Aggregate((Int128)0, (sum, b) => sum + b.Minor) != 0).Select(g => $"the accounts in {g.Key} do not sum to zero"));
        if (found is [])
            await fleet.Db.ResolveAlertAsync(Alerts.Alerts.LedgerDisagrees, "ledger", billing, cancel);
        else
            await fleet.Db.RaiseAlertAsync(null, Alerts.Alerts.LedgerDisagrees, AlertSeverity.Critical, "ledger", $"The ledger does not agree with itself: {string.Join("; ", found)}.", billing, cancel);
        await fleet.Db.SaveChangesAsync(cancel);
    }
}

public static class LedgerRoundsSetup
{
    /// <summary>The work, and the manual rail. A process that can use other rails adds them as <see cref="IPayoutRail"/>.</summary>
    public static IServiceCollection AddLedgerRounds(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddBillingClock().Configure<PayoutOptions>(configuration.GetSection("Payouts"));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPayoutRail, ManualRail>());
        services.AddSingleton<LedgerRounds>().AddSingleton<ReleaseShares>().AddSingleton<MakePayouts>().AddSingleton<SendPayouts>().AddSingleton<SendReversals>();
        return services.AddSingleton<IBillingClockWork>(p => p.GetRequiredService<ReleaseShares>())
            .AddSingleton<IBillingClockWork>(p => p.GetRequiredService<MakePayouts>()).AddSingleton<IBillingClockWork>(p => p.GetRequiredService<SendPayouts>())
            .AddSingleton<IBillingClockWork>(p => p.GetRequiredService<SendReversals>());
    }
}
