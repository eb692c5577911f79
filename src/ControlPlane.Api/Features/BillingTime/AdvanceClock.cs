using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.BillingTime;

/// <summary>POST /v1/operator/clock</summary>
static class AdvanceClock
{
    static readonly Problem NotMovable = new("clock_not_movable", 403, "The billing clock of this service is the real one and cannot be moved. It can where Billing:ClockIsMovable is set, which is for trying things out.");
    static readonly Problem TargetInvalid = new("invalid_clock", 422, "Give either at or advance_seconds. The clock goes forward, by 400 days at a time.");
    static readonly Problem Moving = new("clock_is_moving", 409, "Somebody else is moving the billing clock. Try again when it has arrived.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/clock", HandleAsync)
        .Describe(
            "Operator", "advance_clock", "Move the billing clock forward",
            "It walks from midnight to midnight (UTC), and at each stop everything is done that is due then: renewals, dunning, releases, payouts. It cannot be moved back. The answer comes when it has arrived.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new AdvanceClockRequest(AdvanceSeconds: 86_400))
        .Answers<AdvancedClockResponse>(200)
        .Refuses(NotMovable, TargetInvalid, Moving);

    static async Task<Answer<AdvancedClockResponse>> HandleAsync(
        AdvanceClockRequest request, Caller caller, BillingClock billing, BillingClockWalk walk, IOptions<BillingClockOptions> options, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!options.Value.ClockIsMovable)
            return NotMovable;
        var now = billing.GetUtcNow();
        var target = request.At?.ToUniversalTime() ?? now.AddSeconds(request.AdvanceSeconds ?? 0);
        if (request.At is null == request.AdvanceSeconds is null || target <= now || target - now > BillingClockWalk.LongestWalk)
            return TargetInvalid;
        if (await walk.WalkAsync(target, caller.OperatorActor.Id, cancel) is not { } walked)
            return Moving;
        db.Write(null, caller.OperatorActor, "clock.advanced", "billing", $"from {walked.From:u} to {walked.To:u}", clock);
        return new AdvancedClockResponse(walked.From, walked.To, walked.Stops);
    }
}
