using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Alerts;

/// <summary>GET /v1/alerts</summary>
static class ListAlerts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/alerts", HandleAsync)
        .Describe("Alerts", "list_alerts", "List alerts", "The open ones first.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<Page<AlertResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<AlertResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        await db.Alerts.ReadAlertsAsync(page, cancel);
}
