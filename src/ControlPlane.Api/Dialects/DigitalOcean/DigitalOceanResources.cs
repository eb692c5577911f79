using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>DigitalOcean's SaaS add-ons, the calls that it makes for resources.</summary>
static class DigitalOceanResources
{
    internal const string Prefix = "/digitalocean";

    internal static readonly AddOnReplies Replies = new();

    sealed record Grant(string? Code);

    sealed record Create(string? Uuid, string? ResourceName, string? AppSlug, string? PlanSlug, string? Email, Grant? OauthGrant);

    sealed record Change(string? PlanSlug);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapAddOn($"{Prefix}/resources", Dialect.DigitalOcean, Replies);
        group.MapPost("/", CreateAsync);
        group.MapPut("/{uuid}", ChangeAsync);
        group.MapDelete("/{uuid}", DeleteAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, AddOnHandler handler, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Snake, cancel) is not { Uuid: { Length: > 0 } uuid, PlanSlug: { } plan } body)
            return Replies.Say(422, "The request must name a uuid and a plan_slug.");
        if (body.AppSlug is { } slug && slug != by.Integration.Key)
            return Replies.Say(422, $"There is no add-on {slug} here.");
        var tokens = body.OauthGrant is { Code: { } code } ? new AddOnTokens(code) : null;
        var answer = await handler.ProvisionAsync(by, new AddOnRequest(uuid, new CustomerSought(uuid, body.ResourceName ?? uuid, null), plan, body.ResourceName, null, null, tokens), cancel);
        return Replies.AnswerProvision(answer, uuid, PlatformSettings.Of(by.Integration));
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string uuid, AddOnHandler handler, CancellationToken cancel)
    {
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Snake, cancel) is not { PlanSlug: { } plan })
            return Replies.Say(422, "The request must name a plan_slug.");
        var answer = await handler.ChangePlanAsync(http.Reseller(), uuid, plan, cancel);
        return answer.Result switch
        {
            { IsAccepted: true } => Results.NoContent(),
            { Outcome: CommandOutcome.NotFound or CommandOutcome.Gone } => Replies.Say(404, answer.Refusal.Detail),
            _ => Replies.Say(422, answer.Refusal.Detail),
        };
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string uuid, AddOnHandler handler, CancellationToken cancel)
    {
        var answer = await handler.DeprovisionAsync(http.Reseller(), uuid, cancel);
        return answer.Result switch
        {
            { IsAccepted: true } => Results.NoContent(),
            { Outcome: CommandOutcome.Gone } => Replies.Say(410, answer.Refusal.Detail),
            { Outcome: CommandOutcome.NotFound } => Replies.Say(404, answer.Refusal.Detail),
            _ => Replies.Say(422, answer.Refusal.Detail),
        };
    }
}
