using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Data;

/// <summary>
/// Whose rows this unit of work may see: nobody's, one organization's, or the whole fleet's. Both walls read it: the named query filter of
/// <see cref="ControlPlaneDb"/>, and the row-level-security policies through <see cref="ScopeInterceptor"/>. One per scope, one caller.
/// </summary>
public sealed class DbScope
{
    public OrganizationId? Organization { get; private set; }
    public bool IsFleet { get; private set; }

    /// <summary>On whose behalf an organization is looked after: what belongs to this reseller, and what its customers have, may be seen besides the organization's own.</summary>
    public ResellerId? Reseller { get; private set; }

    public void EnterOrganization(OrganizationId organization)
    {
        Organization = organization;
        IsFleet = false;
    }

    /// <summary>For the operator's calls and for the processes that work for everybody. The database lets only their roles do it, or a connection that says so.</summary>
    public void EnterFleet() => IsFleet = true;

    /// <summary>Back from the fleet's scope to whose rows were seen before.</summary>
    internal void LeaveFleet() => IsFleet = false;

    public void EnterReseller(ResellerId reseller) => Reseller = reseller;

    public void Leave()
    {
        (Organization, Reseller) = (null, null);
        IsFleet = false;
    }
}

/// <summary>A service scope whose database sees the whole fleet, for background work.</summary>
public sealed class FleetScope(AsyncServiceScope scope) : IAsyncDisposable
{
    public IServiceProvider Services => scope.ServiceProvider;
    public ControlPlaneDb Db { get; } = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}

public static class FleetScopes
{
    public static FleetScope CreateFleetScope(this IServiceScopeFactory scopes)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<DbScope>().EnterFleet();
        return new FleetScope(scope);
    }
}

public static class OrganizationScopes
{
    /// <summary>Enters an organization in the middle of a transaction, whose connection was told of another one, or of none.</summary>
    public static async Task EnterOrganizationAsync(this ControlPlaneDb db, OrganizationId organization, CancellationToken cancel)
    {
        db.Scope.EnterOrganization(organization);
        if (db.Database.CurrentTransaction is not null)
            await db.Database.ExecuteSqlAsync($"SELECT set_config('app.organization_id', {organization.Value.ToString()}, false), set_config('app.fleet', 'off', false)", cancel);
    }

    /// <summary>Reading what has no tenants, as the ledger: outside a transaction, naming in the query itself whose rows they are.</summary>
    public static async Task<T> ReadInFleetAsync<T>(this ControlPlaneDb db, Func<Task<T>> read)
    {
        if (db.Database.CurrentTransaction is not null)
            throw new InvalidOperationException("within a transaction the scope is entered with InFleetAsync");
        if (db.Scope.IsFleet)
            return await read();
        db.Scope.EnterFleet();
        try
        {
            return await read();
        }
        finally
        {
            db.Scope.LeaveFleet();
        }
    }

    /// <summary>From here on the connection also sees what belongs to a reseller; in the middle of a transaction or before one.</summary>
    public static async Task EnterResellerAsync(this ControlPlaneDb db, ResellerId reseller, CancellationToken cancel)
    {
        db.Scope.EnterReseller(reseller);
        if (db.Database.CurrentTransaction is not null)
            await db.Database.ExecuteSqlAsync($"SELECT set_config('app.reseller_id', {reseller.Value.ToString()}, false)", cancel);
    }

    /// <summary>
    /// Money is written in the fleet's scope only, also where a customer's call causes it: the work runs in that scope, within the transaction, is saved, and the
    /// organization's scope comes back. What the work asks for names the organization itself.
    /// </summary>
    public static async Task<T> InFleetAsync<T>(this ControlPlaneDb db, Func<Task<T>> work, CancellationToken cancel)
    {
        if (db.Scope.IsFleet)
            return await work();
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("the fleet's scope is entered within a transaction");
        await db.SaveChangesAsync(cancel);
        db.Scope.EnterFleet();
        await db.Database.ExecuteSqlAsync($"SELECT set_config('app.fleet', 'on', false)", cancel);
        var result = await work();
        await db.SaveChangesAsync(cancel);
        // After an exception there is nothing to go back to: the transaction is rolled back, and the connection forgets what it was told.
        await db.Database.ExecuteSqlAsync($"SELECT set_config('app.fleet', 'off', false)", cancel);
        db.Scope.LeaveFleet();
        return result;
    }
}
