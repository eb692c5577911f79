using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>GET /v1/instances/{id}/rules</summary>
static class GetRules
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}/rules", HandleAsync)
        .Describe("Instances", "get_rules", "Show an instance's cron jobs, throttles and weights", "What is in force. When each cron job runs next, and how much of a throttle is used, is on the pages of the instance itself.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<InstanceRules>(200)
        .Refuses(InstanceLookup.NotFound);

    static async Task<Answer<InstanceRules>> HandleAsync(string id, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        var rules = instance.Rules is null ? new InstanceRules() : JsonSerializer.Deserialize<InstanceRules>(instance.Rules, Json.Options)!;
        return new InstanceRules(
            rules.Throttles ?? new Dictionary<string, ThrottleRule>(), rules.JobtypeThrottles ?? new Dictionary<string, ThrottleRule>(), rules.Cron ?? [], rules.Weights ?? new Dictionary<string, int>());
    }
}
