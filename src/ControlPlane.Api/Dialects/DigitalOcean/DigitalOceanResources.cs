using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>DigitalOcean's SaaS add-ons, the calls that it makes for resources.</summary>
static class DigitalOceanResources
{
    internal const string Prefix = "/digitalocean";

    static readonly AddOnReplies replies = new();

    /// <param name="ExpiresAt">Seconds since 1970.</param>
    sealed record Grant(string? Code, long? ExpiresAt, string? Type);

    sealed record Create(string? Uuid, string? ResourceName, string? AppSlug, string? PlanSlug, string? Email, Grant? OauthGrant);

    sealed record Change(string? PlanSlug);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapDialect($"{Prefix}/resources", Dialect.DigitalOcean, "HTTP Basic");
        group.AddEndpointFilter(new BasicCaller(Dialect.DigitalOcean, () => replies.Say(401, "The add-on's slug or password is wrong.")));
        group.MapPost("/", CreateAsync);
        group.MapPut("/{uuid}", ChangeAsync);
        group.MapDelete("/{uuid}", DeleteAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, AddOnHandler handler, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Snake, cancel) is not { Uuid: { Length: > 0 } uuid, PlanSlug: { } plan } body)
            return replies.Say(422, "The request must name a uuid and a plan_slug.");
        if (body.AppSlug is { } slug && slug != by.Integration.Key)
            return replies.Say(422, $"There is no add-on {slug} here.");
        var tokens = body.OauthGrant is { Code: { } code } grant ? new AddOnTokens(code, grant.ExpiresAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null) : null;
        var answer = await handler.ProvisionAsync(by, new AddOnRequest(uuid, new CustomerSought(uuid, body.ResourceName ?? uuid, null), plan, body.ResourceName, null, null, tokens), cancel);
        return answer switch
        {
            { FaktoryUrl: { } url } => replies.Say(200, "Your Faktory server is ready.", uuid, new Dictionary<string, string> { [PlatformSettings.Of(by.Integration).UrlVariable] = url }),
            { IsLater: true } => replies.Say(202, "Your Faktory server is being set up and will be available shortly.", uuid),
            _ => replies.RefuseProvision(answer),
        };
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string uuid, AddOnHandler handler, CancellationToken cancel)
    {
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Snake, cancel) is not { PlanSlug: { } plan })
            return replies.Say(422, "The request must name a plan_slug.");
        var answer = await handler.ChangePlanAsync(http.Reseller(), uuid, plan, cancel);
        return answer.Result.Outcome switch
        {
            CommandOutcome.Created or CommandOutcome.InProgress or CommandOutcome.AlreadyThere => Results.NoContent(),
            CommandOutcome.NotFound or CommandOutcome.Gone => replies.Say(404, answer.Refusal.Detail),
            _ => replies.Say(422, answer.Refusal.Detail),
        };
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string uuid, AddOnHandler handler, CancellationToken cancel)
    {
        var answer = await handler.DeprovisionAsync(http.Reseller(), uuid, cancel);
        return answer.Result.Outcome switch
        {
            CommandOutcome.Created or CommandOutcome.InProgress or CommandOutcome.AlreadyThere => Results.NoContent(),
            CommandOutcome.Gone => replies.Say(410, answer.Refusal.Detail),
            CommandOutcome.NotFound => replies.Say(404, answer.Refusal.Detail),
            _ => replies.Say(422, answer.Refusal.Detail),
        };
    }
}
