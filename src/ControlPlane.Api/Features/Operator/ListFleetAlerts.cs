using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Operator;

/// <summary>GET /v1/operator/alerts</summary>
static class ListFleetAlerts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/alerts", HandleAsync)
        .Describe("Operator", "list_fleet_alerts", "List all alerts", "Customers' and the service's own, the open ones first.")
        .AllowOperator(TokenScopes.Read)
        .Answers<Page<AlertResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<AlertResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        await db.Alerts.ReadAlertsAsync(page, cancel);
}
