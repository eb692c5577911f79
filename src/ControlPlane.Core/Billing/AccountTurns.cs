using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Core.Billing;

/// <summary>
/// Accounts for which something is due, each in a transaction of its own, looked at under its lock: two rounds side by side, or one that died, do nothing twice. One account that fails does not keep
/// the others waiting.
/// </summary>
sealed partial class AccountTurns(IServiceScopeFactory scopes, ILogger<AccountTurns> logger)
{
    /// <param name="isExpected">Which failures of <paramref name="work"/> besides the database's are logged and tried again in the next round.</param>
    internal async Task EachAsync(Func<ControlPlaneDb, IQueryable<OrganizationId>> due, Func<ControlPlaneDb, BillingAccount, Task> work, CancellationToken cancel, Func<Exception, bool>? isExpected = null)
    {
        List<OrganizationId> found;
        await using (var fleet = scopes.CreateFleetScope())
            found = await due(fleet.Db).Distinct().ToListAsync(cancel);
        foreach (var organization in found)
            await OneAsync(organization, work, isExpected, cancel);
    }

    async Task OneAsync(OrganizationId organization, Func<ControlPlaneDb, BillingAccount, Task> work, Func<Exception, bool>? isExpected, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        try
        {
            await using var transaction = await fleet.Db.Database.BeginTransactionAsync(cancel);
            if (await fleet.Db.LockBillingAsync(organization, cancel) is not { } account)
                return;
            await work(fleet.Db, account);
            await fleet.Db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception error) when (error is DbUpdateException or Npgsql.NpgsqlException or InvalidOperationException or Subscriptions.PriceMissingException || isExpected?.Invoke(error) == true)
        {
            LogFailed(logger, error, organization.ToString());
        }
    }

    [LoggerMessage(LogLevel.Error, "The billing of {Organization} could not be brought up to date; the next round tries again.")]
    static partial void LogFailed(ILogger logger, Exception error, string organization);
}

/// <summary>What a provider does in each round of <see cref="BillingRounds"/>, before dunning looks at what is open.</summary>
interface IBillingRound
{
    Task RunAsync(CancellationToken cancel);
}
