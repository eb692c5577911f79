using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Fly;

/// <summary>/fly/{key}/extensions: Fly.io's provisioning of extensions (fly.io/docs/reference/extensions_api).</summary>
static class FlyExtensions
{
    /// <summary>What Fly.io calls the plan that it does not name.</summary>
    const string DefaultPlan = "default";

    sealed record Create(string? Id, string? Name, string? OrganizationId, string? OrganizationName, string? PrimaryRegion, string? Plan);

    sealed record Change(string? Plan);

    internal sealed record Extension(string Id, string Name, string Plan, string Status, IReadOnlyDictionary<string, string>? Config);

    internal static void Map(IEndpointRouteBuilder app, FlyCaller caller)
    {
        var group = app.MapDialect("/fly/{key}/extensions", Dialect.Fly, "X-Signature");
        group.AddEndpointFilter(caller);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{id}", GetAsync);
        group.MapPatch("/{id}", ChangeAsync);
        group.MapDelete("/{id}", DeleteAsync);
    }

    internal static IResult Say(int status, string message) => Results.Json(new { error = message }, DialectJson.Snake, statusCode: status);

    static async Task<IResult> CreateAsync(HttpContext http, ResellerCommands commands, FlyWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (DialectJson.Parse<Create>(FlyCaller.Body(http), DialectJson.Snake) is not { Id: { Length: > 0 } id, OrganizationId: { Length: > 0 } organization } body)
            return Say(422, "The request must name an id and an organization_id.");
        var settings = PlatformSettings.Of(by.Integration);
        var plan = body.Plan is { } named ? settings.PlanKey(named) : settings.Plans.GetValueOrDefault(DefaultPlan, Core.Plans.SeedPlans.FreeKey);
        CommandResult result;
        PlatformRecord record;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            result = await commands.ProvisionAsync(by, new ProvisionRequest(id, new CustomerSought(organization, body.OrganizationName ?? organization, null), plan, body.Name, settings.Region(body.PrimaryRegion)), cancel);
            if (!result.IsAccepted)
                return Refuse(result);
            record = await db.FindRecordAsync(by, PlatformRecordKinds.Extension, id, cancel) ?? db.AddRecord(by, PlatformRecordKinds.Extension, id, result.Resource!, new FlyExtension(organization, body.Name ?? id), clock);
            if (result.Outcome == CommandOutcome.Created)
                db.CallPlatformAfter(record, result.Resource!, PlatformCallNames.Provisioned, clock);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(CancellationToken.None);
        }
        await work.AwaitAsync(by, result, settings.WaitFor, cancel);
        return Results.Json(await work.DescribeAsync(by, record, result.Resource!, cancel), DialectJson.Snake);
    }

    static async Task<IResult> GetAsync(HttpContext http, string id, FlyWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        return await db.FindResourceAsync(by, id, cancel) is { IsLiving: true } resource && await db.FindRecordAsync(by, PlatformRecordKinds.Extension, id, cancel) is { } record
            ? Results.Json(await work.DescribeAsync(by, record, resource, cancel), DialectJson.Snake)
            : Say(404, ResellerProblems.ResourceNotFound.Detail);
    }

    static async Task<IResult> ChangeAsync(HttpContext http, string id, ResellerCommands commands, FlyWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (DialectJson.Parse<Change>(FlyCaller.Body(http), DialectJson.Snake) is not { } body)
            return Say(422, "The request is not JSON of this call.");
        if (body.Plan is { } plan)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var result = await commands.ChangePlanAsync(by, new ResourceRequest(id), PlatformSettings.Of(by.Integration).PlanKey(plan), cancel);
            if (!result.IsAccepted)
                return Refuse(result);
            if (result.Outcome == CommandOutcome.Created && await db.FindRecordAsync(by, PlatformRecordKinds.Extension, id, cancel) is { } changed)
                db.CallPlatformAfter(changed, result.Resource!, PlatformCallNames.Changed, clock);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(CancellationToken.None);
        }
        return await GetAsync(http, id, work, db, cancel);
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string id, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var result = await commands.DeprovisionAsync(by, new ResourceRequest(id), cancel);
        if (!result.IsAccepted)
            return Refuse(result);
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Extension, id, cancel) is { } record)
            db.CallPlatformAfter(record, result.Resource!, PlatformCallNames.Deleted, clock);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(new { id, status = "deleted" }, DialectJson.Snake);
    }

    static IResult Refuse(CommandResult result) => result switch
    {
        { Outcome: CommandOutcome.Conflict } => Say(409, ResellerProblems.Conflict.Detail),
        { Outcome: CommandOutcome.Gone } => Say(410, ResellerProblems.Gone.Detail),
        { Outcome: CommandOutcome.NotFound } => Say(404, ResellerProblems.ResourceNotFound.Detail),
        _ => Say(422, result.Refusal!.Detail),
    };
}

/// <summary>An extension as Fly.io reads it. One per request.</summary>
sealed class FlyWork(ReadResourceCredentials credentials, CommandEnd end)
{
    internal Task<EndState> AwaitAsync(ResellerCaller by, CommandResult result, TimeSpan atMost, CancellationToken cancel) => end.AwaitAsync(by, result.Resource!, result.Operation!.Value, atMost, cancel);

    internal async Task<FlyExtensions.Extension> DescribeAsync(ResellerCaller by, PlatformRecord record, ManagedResource resource, CancellationToken cancel)
    {
        var settings = PlatformSettings.Of(by.Integration);
        var state = await end.ReadInstanceAsync(by, resource, cancel);
        var found = await credentials.RunAsync(by, resource, cancel);
        var status = state switch
        {
            Core.Instances.InstanceState.Failed => "error",
            Core.Instances.InstanceState.Provisioning => "pending",
            Core.Instances.InstanceState.Suspended or Core.Instances.InstanceState.Suspending => "suspended",
            _ => found is null ? "pending" : "ready",
        };
        return new(record.ExternalId, record.Read<FlyExtension>().Name, settings.PlanName(resource.PlanKey), status, found is null ? null : new Dictionary<string, string> { [settings.UrlVariable] = found.FaktoryUrl });
    }
}
