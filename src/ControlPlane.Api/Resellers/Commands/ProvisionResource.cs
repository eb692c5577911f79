using ControlPlane.Api.Rules;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers.Commands;

/// <param name="Id">The caller's id of the resource: the same request again gives the same resource and operation, another request with it is refused.</param>
/// <param name="Customer">Whose it is to be; made where the reseller has no such customer.</param>
/// <param name="Name">Wanted; what an instance cannot be called, or is called already, is changed a little.</param>
sealed record ProvisionRequest(string Id, CustomerSought Customer, string Plan, string? Name = null, string? Region = null);

/// <summary>Makes an instance for a reseller's customer.</summary>
sealed class ProvisionResource(ControlPlaneDb db, ManagedOrganizations customers, InstanceAdmission admission, ResellerEvents events, TimeProvider clock)
{
    internal const int SandboxInstancesMax = 20;

    internal async Task<CommandResult> RunAsync(ResellerCaller by, ProvisionRequest request, CancellationToken cancel)
    {
        if (!ResourceWork.IsId(request.Id) || request.Customer.Key.Length > ResourceWork.IdLengthMax)
            return CommandResult.Refused(ResellerProblems.IdInvalid);
        await db.LockIdAsync(by, request.Id, cancel);
        var hash = ResourceLookup.Hash(request.Customer.Key, request.Plan, request.Name, request.Region);
        if (await db.FindResourceAsync(by, request.Id, cancel) is { } known)
            return await RepeatAsync(known, hash, cancel);
        if (by.Reseller.Status == ResellerStatus.Suspended)
            return CommandResult.Refused(ResellerProblems.Suspended);
        if (by.Integration.IsSandbox && await IsSandboxFullAsync(by, cancel))
            return CommandResult.Refused(ResellerProblems.SandboxFull);

        var (customer, _) = await customers.EnsureAsync(by, request.Customer, cancel);
        if (customer.EndedAt is not null)
            return CommandResult.Refused(ResellerProblems.CustomerNotFound);
        await db.EnterOrganizationAsync(customer.OrganizationId, cancel);
        await admission.LockOrganizationAsync(customer.OrganizationId, cancel);
        var caller = by.For(customer.OrganizationId, request.Customer.Name, customer.OwnerEmail);
        var name = await ChooseNameAsync(request.Name ?? request.Id, cancel);
        var (instance, refusal) = await admission.AdmitAsync(caller, name, request.Plan, request.Region, PlanChoice.AtOnce, cancel);
        if (instance is null)
            return CommandResult.Refused(refusal!);

        var operation = db.File(OperationKinds.InstanceProvision, instance.OrganizationId, instance.Id.ToString(), null, clock);
        var resource = new ManagedResource
        {
            Id = ManagedResourceId.New(clock),
            IntegrationId = by.Integration.Id,
            ResellerId = by.Reseller.Id,
            ExternalId = request.Id,
            OrganizationId = instance.OrganizationId,
            InstanceId = instance.Id,
            PlanKey = instance.PlanKey,
            RequestHash = hash,
            OperationId = operation.Id,
            IsSandbox = by.Integration.IsSandbox,
            CreatedAt = clock.GetUtcNow(),
        };
        db.ManagedResources.Add(resource);
        db.Write(instance.OrganizationId, caller.Actor, "instance.created", instance.Id.ToString(), $"name {instance.Name}, plan {instance.PlanKey}", clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        events.RaiseAfter(by.Reseller, resource, WebhookEvents.ResourceProvisioned);
        return CommandResult.Created(resource);
    }

    /// <summary>They cost nothing, so there are few.</summary>
    async Task<bool> IsSandboxFullAsync(ResellerCaller by, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{reseller} sandbox"}, 14))", cancel);
        return await db.ManagedResources.CountAsync(r => r.ResellerId == reseller && r.IsSandbox && r.EndedAt == null, cancel) >= SandboxInstancesMax;
    }

    async Task<CommandResult> RepeatAsync(ManagedResource known, byte[] hash, CancellationToken cancel)
    {
        if (!known.IsLiving)
            return CommandResult.Gone(known);
        if (!known.RequestHash.AsSpan().SequenceEqual(hash))
            return CommandResult.Conflict(known);
        return await db.RepeatAsync(known, known.OperationId, cancel);
    }

    /// <summary>Platforms have names of their own, which need not be ones of ours.</summary>
    async Task<string> ChooseNameAsync(string wanted, CancellationToken cancel)
    {
        var name = ResourceNames.ToInstanceName(wanted);
        var taken = await db.Instances.Where(i => i.Desired != DesiredState.Deleted && i.Name.StartsWith(name)).Select(i => i.Name).ToListAsync(cancel);
        return ResourceNames.ChooseFree(name, taken);
    }
}
