using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>A resource that a command may change, with its instance, in its customer's scope.</summary>
sealed record OpenResource(ManagedResource Resource, Instance Instance, Caller Caller);

/// <summary>What commands on a resource that exists have in common: finding it, knowing a repetition, and writing down what was set in motion.</summary>
sealed class ResourceWork(ControlPlaneDb db, ResellerEvents events, TimeProvider clock)
{
    internal const int IdLengthMax = 200;

    /// <summary>It stands in paths, where a slash cannot be told from those that part it.</summary>
    internal static bool IsId(string id) => id.Length is > 0 and <= IdLengthMax && id.All(character => character is >= ' ' and <= '~' and not '/');

    /// <param name="what">The command and what it asks for: the same command's id with something else is refused.</param>
    /// <returns>Either what may be changed, or the answer.</returns>
    internal async Task<(OpenResource? Open, CommandResult? Answer)> OpenAsync(ResellerCaller by, ResourceRequest request, string what, CancellationToken cancel)
    {
        if (!IsId(request.Id))
            return (null, CommandResult.Refused(ResellerProblems.IdInvalid));
        if (request.CommandId is { } given && !IsId(given))
            return (null, CommandResult.Refused(ResellerProblems.CommandIdInvalid));
        await db.LockIdAsync(by, request.Id, cancel);
        if (await db.FindResourceAsync(by, request.Id, cancel) is not { } resource)
            return (null, CommandResult.Missing);
        if (request.CommandId is { } command && await db.ResourceCommands.SingleOrDefaultAsync(c => c.ResourceId == resource.Id && c.CommandId == command, cancel) is { } earlier)
            return (null, earlier.RequestHash.AsSpan().SequenceEqual(ResourceLookup.Hash(what)) ? await db.RepeatAsync(resource, earlier.OperationId, cancel) : CommandResult.Conflict(resource));
        if (!resource.IsLiving)
            return (null, CommandResult.Gone(resource));
        var organization = resource.OrganizationId;
        var customer = await db.ResellerCustomers.AsNoTracking().SingleAsync(c => c.ResellerId == by.Reseller.Id && c.OrganizationId == organization, cancel);
        var instance = await db.EnterInstanceAsync(resource, cancel);
        // Its owner may delete it at any time.
        if (instance is null || instance.IsDeletedOrGoing)
            return (null, CommandResult.Gone(resource));
        var name = await db.Organizations.Where(o => o.Id == organization).Select(o => o.Name).SingleAsync(cancel);
        return (new OpenResource(resource, instance, by.For(organization, name, customer.OwnerEmail)), null);
    }

    /// <summary>Files what brings the changed intent about, and what tells the reseller of its end.</summary>
    internal async Task<CommandResult> FileAsync(
        ResellerCaller by, OpenResource open, ResourceRequest request, string what, OperationKind kind, string action, string? detail, string type, CancellationToken cancel)
    {
        var (resource, instance, caller) = open;
        instance.Generation++;
        var subject = instance.Id.ToString();
        await db.WakeAsync(subject, clock, cancel);
        resource.OperationId = db.File(kind, instance.OrganizationId, subject, null, clock).Id;
        db.Write(instance.OrganizationId, caller.Actor, action, subject, detail, clock);
        Remember(by, resource, request, what);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        events.RaiseAfter(by.Reseller, resource, type);
        return CommandResult.Created(resource);
    }

    /// <summary>It is so already: there is nothing to do but to know the command again.</summary>
    internal Task<CommandResult> KeepAsync(ResellerCaller by, ManagedResource resource, ResourceRequest request, string what, CancellationToken cancel)
    {
        Remember(by, resource, request, what);
        return db.RepeatAsync(resource, resource.OperationId, cancel);
    }

    void Remember(ResellerCaller by, ManagedResource resource, ResourceRequest request, string what)
    {
        if (request.CommandId is { } command)
            db.ResourceCommands.Add(new ResourceCommand
            {
                ResourceId = resource.Id,
                CommandId = command,
                ResellerId = by.Reseller.Id,
                OrganizationId = resource.OrganizationId,
                RequestHash = ResourceLookup.Hash(what),
                OperationId = resource.OperationId,
                At = clock.GetUtcNow(),
            });
    }
}
