using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.CleverCloud;

/// <summary>Clever Cloud's add-on provider API, the calls that it makes. Its answers are waited for; where an instance takes longer, its variables follow by a call of ours.</summary>
static class CleverCloudResources
{
    internal const string Prefix = "/clever-cloud";

    static readonly AddOnReplies replies = new();

    sealed record Create(string? AddonId, string? OwnerId, string? OwnerName, string? UserId, string? Plan, string? Region);

    sealed record Change(string? Plan);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapAddOn($"{Prefix}/resources", Dialect.CleverCloud, replies);
        group.MapPost("/", CreateAsync);
        group.MapPut("/{id}", ChangeAsync);
        group.MapDelete("/{id}", DeleteAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, AddOnHandler handler, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Snake, cancel) is not { AddonId: { Length: > 0 } id, OwnerId: { Length: > 0 } owner, Plan: { } plan } body)
            return replies.Say(422, "The request must name an addon_id, an owner_id and a plan.");
        var answer = await handler.ProvisionAsync(by, new AddOnRequest(id, new CustomerSought(owner, body.OwnerName ?? owner, null), plan, null, body.Region, null, null), cancel);
        return answer.IsLater
            ? replies.Say(200, "Your Faktory server is being set up. Its address follows shortly.", id, new Dictionary<string, string>())
            : replies.AnswerProvision(answer, id, PlatformSettings.Of(by.Integration));
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel)
    {
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Snake, cancel) is not { Plan: { } plan })
            return replies.Say(422, "The request must name a plan.");
        return replies.AnswerChange(await handler.ChangePlanAsync(http.Reseller(), id, plan, cancel), plan);
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel) =>
        replies.AnswerDeprovision(await handler.DeprovisionAsync(http.Reseller(), id, cancel));
}
