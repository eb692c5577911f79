using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Identity;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.BillingTime;

/// <summary>GET /v1/operator/clock</summary>
static class GetClock
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/clock", Handle)
        .Describe("Operator", "get_clock", "See what time it is for money", "It is the system's time, unless somebody has moved it forward to try out what happens.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<ClockResource>(200);

    static Answer<ClockResource> Handle(BillingClock clock, IOptions<BillingClockOptions> options) => new ClockResource(clock.GetUtcNow(), clock.Ahead.TotalSeconds, options.Value.ClockIsMovable);
}
