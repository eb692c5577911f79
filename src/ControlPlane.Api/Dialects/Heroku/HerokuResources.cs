using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Heroku;

/// <summary>Add-on Partner API v3, the calls that Heroku makes (devcenter.heroku.com/articles/add-on-partner-api-reference).</summary>
static class HerokuResources
{
    const string ContentType = "application/vnd.heroku-addons+json; version=3";

    static readonly AddOnReplies replies = new(ContentType);

    sealed record Grant(string? Code);

    sealed record Create(string? Uuid, string? Name, string? Plan, string? Region, Uri? CallbackUrl, Grant? OauthGrant);

    sealed record Change(string? Plan);

    /// <param name="prefix">Of the addresses; the dialects that speak like Heroku have their own.</param>
    internal static void Map(IEndpointRouteBuilder app, string prefix, Dialect dialect)
    {
        var group = app.MapAddOn($"{prefix}/resources", dialect, replies);
        group.MapPost("/", CreateAsync);
        group.MapPut("/{id}", ChangeAsync);
        group.MapDelete("/{id}", DeleteAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, AddOnHandler handler, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Snake, cancel) is not { Uuid: { Length: > 0 } uuid, Plan: { } plan } body)
            return replies.Say(422, "The request must name a uuid and a plan.");
        var settings = PlatformSettings.Of(by.Integration);
        if (body.CallbackUrl is { } callback && !IsOf(AddOnApi.ApiOf(by.Integration.Dialect, settings), callback))
            return replies.Say(422, "The callback_url is not at the platform's API.");
        var tokens = body.OauthGrant is { Code: { } code } ? new AddOnTokens(code, Hook: by.Integration.Dialect == Dialect.Heroku ? HerokuWebhooks.New(http, by, uuid) : null) : null;
        // A resource is an organization of its own: whom Heroku sends to one must not find the others.
        var answer = await handler.ProvisionAsync(by, new AddOnRequest(uuid, new CustomerSought(uuid, body.Name ?? uuid, null), plan, body.Name, body.Region, body.CallbackUrl, tokens), cancel);
        return replies.AnswerProvision(answer, uuid, settings);
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel)
    {
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Snake, cancel) is not { Plan: { } plan })
            return replies.Say(422, "The request must name a plan.");
        return replies.AnswerChange(await handler.ChangePlanAsync(http.Reseller(), id, plan, cancel), plan);
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel) =>
        replies.AnswerDeprovision(await handler.DeprovisionAsync(http.Reseller(), id, cancel));

    static bool IsOf(Uri api, Uri address) => address.IsAbsoluteUri && address is { UserInfo: "", Query: "", Fragment: "" } && api.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority);
}
