using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;

namespace ControlPlane.Api.Resellers;

/// <summary>
/// The one command set behind every dialect. Each command takes ids that the caller chose, is idempotent on them, and says which operation to follow. Each runs in the
/// caller's transaction or in one of its own, which a refusal rolls back; afterwards the database is in the reseller's own scope again. One per request.
/// </summary>
sealed class ResellerCommands(
    ControlPlaneDb db, ProvisionResource provision, ChangeResourcePlan change, SuspendResource suspend, ResumeResource resume, RotateResource rotate, GiveResourceKey give,
    TakeResourceKey take, DeprovisionResource deprovision)
{
    internal Task<CommandResult> ProvisionAsync(ResellerCaller by, ProvisionRequest request, CancellationToken cancel) => RunAsync(by, () => provision.RunAsync(by, request, cancel), cancel);

    internal Task<CommandResult> ChangePlanAsync(ResellerCaller by, ResourceRequest request, string plan, CancellationToken cancel) => RunAsync(by, () => change.RunAsync(by, request, plan, cancel), cancel);

    internal Task<CommandResult> SuspendAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel) => RunAsync(by, () => suspend.RunAsync(by, request, cancel), cancel);

    internal Task<CommandResult> ResumeAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel) => RunAsync(by, () => resume.RunAsync(by, request, cancel), cancel);

    /// <param name="overlap">How long the old password goes on working.</param>
    internal Task<CommandResult> RotateAsync(ResellerCaller by, ResourceRequest request, TimeSpan overlap, CancellationToken cancel) => RunAsync(by, () => rotate.RunAsync(by, request, overlap, cancel), cancel);

    /// <param name="holder">Whose password it is, in the caller's words.</param>
    internal Task<CommandResult> GiveKeyAsync(ResellerCaller by, ResourceRequest request, string holder, CancellationToken cancel) => RunAsync(by, () => give.RunAsync(by, request, holder, cancel), cancel);

    internal Task<CommandResult> TakeKeyAsync(ResellerCaller by, ResourceRequest request, string holder, CancellationToken cancel) => RunAsync(by, () => take.RunAsync(by, request, holder, cancel), cancel);

    internal Task<CommandResult> DeprovisionAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel) => RunAsync(by, () => deprovision.RunAsync(by, request, cancel), cancel);

    async Task<CommandResult> RunAsync(ResellerCaller by, Func<Task<CommandResult>> command, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null)
            return await InScopeAsync(by, command, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var result = await InScopeAsync(by, command, cancel);
        if (!result.IsAccepted)
            return result;
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    async Task<CommandResult> InScopeAsync(ResellerCaller by, Func<Task<CommandResult>> command, CancellationToken cancel)
    {
        var result = await command();
        if (result.IsAccepted)
            await db.SaveChangesAsync(cancel);
        else
            db.ChangeTracker.Clear();
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        return result;
    }
}

/// <param name="Id">The caller's id of the resource.</param>
/// <param name="CommandId">The caller's id of this very command: the same one again does nothing. Null where the dialect has none; then what is so already stays as it is.</param>
sealed record ResourceRequest(string Id, string? CommandId = null);

static class ResellerSetup
{
    internal static IServiceCollection AddResellers(this IServiceCollection services) => services
        .AddScoped<IntegrationLookup>().AddScoped<ManagedOrganizations>().AddScoped<OwnerInvitations>().AddScoped<ResellerEvents>()
        .AddScoped<ResellerCommands>().AddScoped<ResourceWork>().AddScoped<ProvisionResource>().AddScoped<ChangeResourcePlan>().AddScoped<SuspendResource>().AddScoped<ResumeResource>()
        .AddScoped<RotateResource>().AddScoped<GiveResourceKey>().AddScoped<TakeResourceKey>().AddScoped<DeprovisionResource>().AddScoped<ReadResourceUsage>().AddScoped<ReadResourceCredentials>().AddScoped<SignOn>().AddScoped<TakeOver>()
        .AddScoped<ResellerSlot>().AddScoped<ResellerCalls>().AddScoped(provider => provider.GetRequiredService<ResellerSlot>().Caller ?? throw new InvalidOperationException("This call is open to callers that are no resellers."));
}
