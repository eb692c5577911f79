using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Reconciliation;

/// <summary>GET /v1/operator/reconciliation/runs</summary>
static class ListRuns
{
    const int CountMax = 50;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/reconciliation/runs", HandleAsync)
        .Describe("Operator", "list_reconciliation_runs", "See when the payment provider was asked", "The last 50 times, newest first. One without an end is running, or its process died.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<ReconciliationRunsResponse>(200);

    static async Task<Answer<ReconciliationRunsResponse>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new ReconciliationRunsResponse([.. (await db.ReconciliationRuns.AsNoTracking().OrderByDescending(r => r.Id).Take(CountMax).ToListAsync(cancel)).Select(r => r.ToResource())]);
}
