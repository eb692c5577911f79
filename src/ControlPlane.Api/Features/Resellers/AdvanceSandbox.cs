using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/sandbox/clock</summary>
static class AdvanceSandbox
{
    const string Currency = "USD";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/sandbox/clock", HandleAsync)
        .Describe("Resellers", "advance_sandbox", "Move your sandbox's clock forward",
            "What moves is the time by which the sandbox's instances would be paid: for each month that one of them lives through, an event `sandbox.period_ended` says what it would have cost. " +
            "Servers, keys and links go by the real time, and nothing outside the sandbox moves. It cannot be moved back.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new AdvanceSandboxRequest(2_678_400))
        .Answers<SandboxClockResource>(200);

    static async Task<Answer<SandboxClockResource>> HandleAsync(AdvanceSandboxRequest request, Caller caller, ResellerCaller by, ResellerEvents events, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        await db.Database.ExecuteSqlAsync($"SELECT FROM reseller_integrations WHERE reseller_id = {reseller.Value} AND is_sandbox FOR UPDATE", cancel);
        var sandbox = await db.ResellerIntegrations.SingleAsync(i => i.ResellerId == reseller && i.Dialect == Dialect.Native && i.IsSandbox, cancel);
        var before = clock.GetUtcNow() + sandbox.SandboxAhead;
        sandbox.SandboxAhead += TimeSpan.FromSeconds(request.Seconds);
        var now = clock.GetUtcNow() + sandbox.SandboxAhead;
        foreach (var resource in await db.ManagedResources.AsNoTracking().Where(r => r.ResellerId == reseller && r.IsSandbox && r.EndedAt == null).OrderBy(r => r.Id).ToListAsync(cancel))
        {
            var price = (await db.FindOfferAsync(resource.PlanKey, null, cancel))?.PriceIn(Currency, BillingInterval.Month)?.AmountMinor ?? 0;
            foreach (var (start, end) in PeriodsEnded(resource.CreatedAt, before, now))
                await events.RaiseAsync(by.Reseller, WebhookEvents.SandboxPeriodEnded,
                    new { resource_id = resource.Id.ToString(), external_id = resource.ExternalId, plan = resource.PlanKey, period_start = start, period_end = end, amount_minor = price, currency = Currency, sandbox = true }, cancel);
        }
        db.Write(caller.Organization, caller.Actor, "reseller.sandbox_advanced", sandbox.Id.ToString(), $"to {now:u}", clock);
        return GetSandboxClock.ToResource(sandbox, clock);
    }

    /// <summary>Whole months from when it was made, so that the 31st stays the 31st where there is one; those that end after the one moment and not after the other.</summary>
    internal static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> PeriodsEnded(DateTimeOffset madeAt, DateTimeOffset after, DateTimeOffset until)
    {
        for (var month = 1; madeAt.AddMonths(month) <= until; month++)
        {
            if (madeAt.AddMonths(month) > after)
                yield return (madeAt.AddMonths(month - 1), madeAt.AddMonths(month));
        }
    }
}
