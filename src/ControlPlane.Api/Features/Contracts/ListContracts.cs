using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Contracts;

/// <summary>GET /v1/operator/contracts</summary>
static class ListContracts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/contracts", HandleAsync)
        .Describe("Operator", "list_contracts", "List contracts", "All versions, newest first; narrowed with ?party=reseller:org_….")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<ContractResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyInvalid);

    static async Task<Answer<Page<ContractResource>>> HandleAsync([AsParameters] PageRequest page, string? party, ControlPlaneDb db, CancellationToken cancel)
    {
        var contracts = db.ShareContracts.AsNoTracking();
        if (party is not null)
        {
            if (!Party.TryParse(party, out var wanted))
                return PartyReading.PartyInvalid;
            contracts = contracts.Where(c => c.PartyKind == wanted.Kind && c.PartyId == wanted.Id);
        }
        return (await contracts.ReadPageAsync(c => c.Id, page, cancel)).Select(c => c.ToResource());
    }
}
