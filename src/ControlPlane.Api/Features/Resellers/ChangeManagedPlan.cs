using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances/{id}/change-plan</summary>
static class ChangeManagedPlan
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances/{id}/change-plan", HandleAsync)
        .Describe("Resellers", "change_managed_plan", "Move an instance to another plan", "At once, up or down; what is stored must fit. Asking for the plan that it has changes nothing.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new ChangeManagedPlanRequest("pro"))
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses([.. ResellerProblems.OfCommands, .. ResellerProblems.OfGrowth, PlanLimits.StorageExceedsPlan, PlanLimits.ConnectionsExceedPlan]);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, ChangeManagedPlanRequest request, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return await db.ToAnswerAsync(by, await commands.ChangePlanAsync(through, new ResourceRequest(resource.ExternalId), request.Plan, cancel), cancel);
    }
}
