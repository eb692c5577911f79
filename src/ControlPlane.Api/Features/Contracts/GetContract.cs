using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Contracts;

/// <summary>GET /v1/operator/contracts/{id}</summary>
static class GetContract
{
    internal static readonly Problem NotFound = new("contract_not_found", 404, "There is no contract with this id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/contracts/{id}", HandleAsync)
        .Describe("Operator", "get_contract", "Read a contract")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<ContractResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<ContractResource>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel) =>
        ContractId.TryParse(id, out var contract) && await db.ShareContracts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == contract, cancel) is { } found ? found.ToResource() : NotFound;
}
