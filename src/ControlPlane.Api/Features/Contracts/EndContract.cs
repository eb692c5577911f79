using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Contracts;

/// <summary>POST /v1/operator/contracts/{id}/end</summary>
static class EndContract
{
    static readonly Problem Ended = new("contract_ended", 409, "The contract ends at that time, or earlier.");
    static readonly Problem TooEarly = new("contract_end_past", 409, "A contract ends now or later, and after it began: what was sold under it stays so.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/contracts/{id}/end", HandleAsync)
        .Describe("Operator", "end_contract", "End a contract", "Service that begins later brings the party nothing by it. What it has brought stays.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new EndContractRequest())
        .Answers<ContractResource>(200)
        .Refuses(GetContract.NotFound, Ended, TooEarly);

    static async Task<Answer<ContractResource>> HandleAsync(
        string id, EndContractRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (!ContractId.TryParse(id, out var contractId))
            return GetContract.NotFound;
        await db.Database.ExecuteSqlAsync($"SELECT FROM share_contracts WHERE id = {contractId.Value} FOR UPDATE", cancel);
        if (await db.ShareContracts.SingleOrDefaultAsync(c => c.Id == contractId, cancel) is not { } contract)
            return GetContract.NotFound;
        var now = billing.GetUtcNow();
        var at = request.At?.ToUniversalTime() ?? now;
        if (contract.ValidTo <= at)
            return Ended;
        if (at < now || at <= contract.ValidFrom)
            return TooEarly;
        contract.ValidTo = at;
        db.Write(null, caller.OperatorActor, "contract.ended", contract.Id.ToString(), $"{contract.Party}, {at:u}", clock);
        return contract.ToResource();
    }
}
