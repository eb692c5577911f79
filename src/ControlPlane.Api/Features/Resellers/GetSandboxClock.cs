using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/sandbox/clock</summary>
static class GetSandboxClock
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/sandbox/clock", HandleAsync)
        .Describe("Resellers", "get_sandbox_clock", "What time is it in your sandbox?")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<SandboxClockResource>(200);

    static async Task<Answer<SandboxClockResource>> HandleAsync(ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        return ToResource(await db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.ResellerId == reseller && i.Dialect == Dialect.Native && i.IsSandbox, cancel), clock);
    }

    internal static SandboxClockResource ToResource(ResellerIntegration sandbox, TimeProvider clock) => new(clock.GetUtcNow() + sandbox.SandboxAhead, (long)sandbox.SandboxAhead.TotalSeconds);
}
