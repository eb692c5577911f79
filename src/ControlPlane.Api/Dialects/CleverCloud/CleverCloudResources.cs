using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.CleverCloud;

/// <summary>Clever Cloud's add-on provider API, the calls that it makes. Its answers are waited for; where an instance takes longer, its variables follow by a call of ours.</summary>
static class CleverCloudResources
{
    internal const string Prefix = "/clever-cloud";

    sealed record Create(string? AddonId, string? OwnerId, string? OwnerName, string? UserId, string? Plan, string? Region);

    sealed record Change(string? Plan);

    sealed record Said(string? Message, string? Id = null, IReadOnlyDictionary<string, string>? Config = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapDialect($"{Prefix}/resources", Dialect.CleverCloud, "HTTP Basic");
        group.AddEndpointFilter(new BasicCaller(Dialect.CleverCloud, () => Say(401, "The add-on's id or password is wrong.")));
        group.MapPost("/", CreateAsync);
        group.MapPut("/{id}", ChangeAsync);
        group.MapDelete("/{id}", DeleteAsync);
    }

    static async Task<IResult> CreateAsync(HttpContext http, AddOnHandler handler, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Create>(http.Request, DialectJson.Snake, cancel) is not { AddonId: { Length: > 0 } id, OwnerId: { Length: > 0 } owner, Plan: { } plan } body)
            return Say(422, "The request must name an addon_id, an owner_id and a plan.");
        var answer = await handler.ProvisionAsync(by, new AddOnRequest(id, new CustomerSought(owner, body.OwnerName ?? owner, null), plan, null, body.Region, null, null), cancel);
        return answer switch
        {
            { FaktoryUrl: { } url } => Answer(200, new Said("Your Faktory server is ready.", id, new Dictionary<string, string> { [PlatformSettings.Of(by.Integration).UrlVariable] = url })),
            { IsLater: true } => Answer(200, new Said("Your Faktory server is being set up. Its address follows shortly.", id, new Dictionary<string, string>())),
            { HasFailed: true } => Say(503, "The Faktory server did not start. Please try again."),
            { Result.Outcome: CommandOutcome.Conflict } => Say(409, answer.Refusal.Detail),
            { Result.Outcome: CommandOutcome.Gone } => Say(410, answer.Refusal.Detail),
            _ => Say(422, answer.Refusal.Detail),
        };
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel)
    {
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Snake, cancel) is not { Plan: { } plan })
            return Say(422, "The request must name a plan.");
        var answer = await handler.ChangePlanAsync(http.Reseller(), id, plan, cancel);
        return answer.Result.Outcome switch
        {
            CommandOutcome.Created or CommandOutcome.InProgress or CommandOutcome.AlreadyThere => Answer(200, new Said($"Your plan is now {plan}.")),
            CommandOutcome.NotFound => Say(404, answer.Refusal.Detail),
            CommandOutcome.Gone => Say(410, answer.Refusal.Detail),
            _ => Say(422, answer.Refusal.Detail),
        };
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string id, AddOnHandler handler, CancellationToken cancel)
    {
        var answer = await handler.DeprovisionAsync(http.Reseller(), id, cancel);
        return answer.Result.Outcome switch
        {
            CommandOutcome.Created or CommandOutcome.InProgress or CommandOutcome.AlreadyThere => Answer(200, new Said("Your Faktory server is being removed.")),
            CommandOutcome.Gone or CommandOutcome.NotFound => Say(410, answer.Refusal.Detail),
            _ => Say(422, answer.Refusal.Detail),
        };
    }

    static IResult Say(int status, string message) => Answer(status, new Said(message));

    static IResult Answer(int status, Said body) => Results.Json(body, DialectJson.Snake, statusCode: status);
}
