using System.Text;
using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Instances;

/// <summary>PUT /v1/instances/{id}/rules</summary>
static class PutRules
{
    const int BytesMax = 64 * 1024;

    static readonly Problem TooLarge = new("rules_too_large", 400, "The rules of an instance take at most 64 KiB of JSON.");
    static readonly Problem NotInPlan = new("feature_not_in_plan", 409, "The plan of this instance does not have this feature.");
    static readonly Problem NotRunning = new("instance_suspended", 409, "This instance is suspended, and only a running one can check rules. Resume it first.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/instances/{id}/rules", HandleAsync)
        .Describe("Instances", "put_rules", "Set an instance's cron jobs, throttles and weights",
            "Replaces all of them, while it runs. The job server itself checks them: if it refuses, the operation fails with its words, and what was in force stays.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new InstanceRules(
            new Dictionary<string, ThrottleRule> { ["mail"] = new(Concurrency: 5) }, null,
            [new("30 2 * * *", new("Report", "bulk"), "nightly report", "Europe/Berlin")], new Dictionary<string, int> { ["critical"] = 5 }))
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, TooLarge, NotInPlan, NotRunning);

    static async Task<Answer<OperationResource>> HandleAsync(string id, InstanceRules request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (instance.Desired == DesiredState.Suspended)
            return NotRunning;
        var rules = JsonSerializer.SerializeToUtf8Bytes(request, Json.Options);
        if (rules.Length > BytesMax)
            return TooLarge;
        if (await RefuseFeatureAsync(instance, request, db, cancel) is { } off)
            return off;

        // The generation is not counted before the server has taken them: until then they are nobody's intent.
        var operation = db.File(OperationKinds.InstanceSetRules, instance.OrganizationId, instance.Id.ToString(), new RulesToSet(Encoding.UTF8.GetString(rules)), clock);
        db.Write(instance.OrganizationId, caller.Actor, "instance.rules_changed", instance.Id.ToString(), Describe(request), clock);
        return Answer.Accepted(operation.ToResource(), operation.Id, async waited => await db.ReadOperationAsync(operation.Id, waited));
    }

    static async Task<Problem?> RefuseFeatureAsync(Instance instance, InstanceRules rules, ControlPlaneDb db, CancellationToken cancel)
    {
        var features = (await db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == instance.Id, cancel)).Limits.Features;
        foreach (var (feature, words, count) in (ReadOnlySpan<(string, string, int)>)[
            ("cron", "Cron jobs", rules.Cron?.Count ?? 0), ("throttles", "Throttles", (rules.Throttles?.Count ?? 0) + (rules.JobtypeThrottles?.Count ?? 0)), ("weights", "Weights of queues", rules.Weights?.Count ?? 0)])
        {
            if (count > 0 && features.TryGetValue(feature, out var value) && value != "true")
                return NotInPlan.Saying(value == "false" ? $"{words} are not part of this instance's plan." : $"{words} are not part of this instance's plan; {value} has them.");
        }
        return null;
    }

    static string Describe(InstanceRules rules) =>
        $"{rules.Cron?.Count ?? 0} cron jobs, {rules.Throttles?.Count ?? 0} throttled queues, {rules.JobtypeThrottles?.Count ?? 0} throttled types, {rules.Weights?.Count ?? 0} weights";
}
