using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>POST /v1/operator/payouts/run</summary>
static class RunPayoutsNow
{
    static readonly Problem CutOffAhead = new("invalid_cut_off", 400, "The cut-off is not in the future.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payouts/run", HandleAsync)
        .Describe("Operator", "run_payouts", "Set aside what parties are owed", "A schedule does it on the 15th; this does it at once, for that day or for another cut-off. Who got nothing is named with the reason.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new RunPayoutsRequest())
        .Answers<PayoutRunResponse>(200)
        .Refuses(CutOffAhead);

    static async Task<Answer<PayoutRunResponse>> HandleAsync(
        RunPayoutsRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, IOptions<PayoutOptions> options, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        var cutOff = request.CutOff?.ToUniversalTime() ?? PayoutRuns.LastCutOff(now);
        if (cutOff > now)
            return CutOffAhead;
        return (await db.RunPayoutsAsync(cutOff, options.Value, caller.OperatorActor, mode.By(caller.OperatorActor.Id), billing, cancel)).ToResource();
    }
}
