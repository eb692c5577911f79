using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Provisioner.Engines;

namespace Provisioner.Handlers;

/// <summary>
/// Ports belong to instances by a row in the database, whose key refuses a second owner: whoever loses the race tries again with
/// another. What a step leases here is saved with the step.
/// </summary>
sealed class PortLeasing(IOptions<ProvisionerOptions> options, TimeProvider clock)
{
    public const string Commands = "commands", Admin = "admin";
    const int candidatesAtOnce = 20;

    readonly ProvisionerOptions options = options.Value;

    public static Task<PortLease?> FindAsync(ControlPlaneDb db, Instance instance, string use, CancellationToken cancel) =>
        db.PortLeases.FirstOrDefaultAsync(lease => lease.InstanceId == instance.Id && lease.Use == use, cancel);

    public async Task<PortLease> EnsureAsync(ControlPlaneDb db, Instance instance, string use, IInstanceEngine engine, CancellationToken cancel)
    {
        if (await FindAsync(db, instance, use, cancel) is { } held)
            return held;
        var now = clock.GetUtcNow();
        await db.PortLeases.Where(lease => lease.InstanceId == null && lease.QuarantinedUntil < now).ExecuteDeleteAsync(cancel);
        var mine = db.ChangeTracker.Entries<PortLease>().Select(entry => entry.Entity.Port).ToArray();

        // Random, not the lowest: two control planes on one machine then rarely want the same one.
        var candidates = await db.Database.SqlQuery<int>($"""
            SELECT port AS "Value" FROM generate_series({options.PortFirst}, {options.PortLast}) AS candidates(port)
            WHERE NOT EXISTS (SELECT FROM port_leases l WHERE l.host = {options.Host} AND l.port = candidates.port)
            ORDER BY random() LIMIT {candidatesAtOnce}
            """).ToListAsync(cancel);
        foreach (var port in candidates.Except(mine).Where(engine.CanBind))
        {
            var lease = new PortLease { Host = options.Host, Port = port, InstanceId = instance.Id, Use = use };
            db.PortLeases.Add(lease);
            return lease;
        }
        throw new InvalidOperationException($"no free port between {options.PortFirst} and {options.PortLast} on {options.Host}");
    }

    /// <summary>The port rests, and the instance needs another.</summary>
    public async Task ReleaseAsync(ControlPlaneDb db, Instance instance, Func<PortLease, bool> which, CancellationToken cancel)
    {
        var held = await db.PortLeases.Where(lease => lease.InstanceId == instance.Id).ToListAsync(cancel);
        foreach (var lease in held.Where(which))
            (lease.InstanceId, lease.QuarantinedUntil) = (null, clock.GetUtcNow() + options.PortQuarantine);
    }
}
