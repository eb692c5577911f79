using System.Data.Common;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing;

/// <summary>
/// Refuses to start with settings that do not go together, and on a database whose journals are of another mode: what was simulated and what was real never share one. A database that cannot be
/// read yet is looked at until it can; then the process ends where it would not have started.
/// </summary>
sealed partial class BillingModeCheck(
    BillingMode mode, IOptions<StripeOptions> stripe, IOptions<BillingDefaults> defaults, IHostEnvironment environment, IServiceScopeFactory scopes, TimeProvider clock, ILogger<BillingModeCheck> logger)
    : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(5);

    bool isChecked;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (mode.HasStripe && stripe.Value.Refuse(environment.IsDevelopment()) is { } refusal)
            throw new InvalidOperationException(refusal);
        if (!mode.HasStripe && defaults.Value.Provider == BillingProvider.Stripe)
            throw new InvalidOperationException("Billing:Provider is stripe, and Billing:Stripe:Key is not set");
        isChecked = await TryCheckAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (!isChecked && await timer.WaitForNextTickAsync(stoppingToken))
            isChecked = await TryCheckAsync(stoppingToken);
    }

    async Task<bool> TryCheckAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        try
        {
            var posted = await fleet.Db.Journals.AsNoTracking().Where(j => j.Mode != mode.Mode).OrderBy(j => j.Id).Select(j => (Ledger.LedgerMode?)j.Mode).FirstOrDefaultAsync(cancel);
            if (posted is not { } other)
                return true;
            throw new BillingModeException($"This database has {other.ToText()} journals, and Stripe's key is for {mode.Mode.ToText()} ones. Use another database, or the key that belongs to this one.");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException and not BillingModeException)
        {
            // Not reachable (EF Core wraps what it takes for transient), or not migrated yet.
            LogUnread(logger, error);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The journals could not be read; their mode is looked at again in a few seconds.")]
    static partial void LogUnread(ILogger logger, Exception error);
}

/// <summary>A database of another mode.</summary>
public sealed class BillingModeException(string message) : InvalidOperationException(message);
