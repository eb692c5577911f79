using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Dialects;

/// <summary>An Api with one reseller's integration in a dialect, the runner that calls its platform, and a Provisioner that is played.</summary>
sealed class DialectWorld : IAsyncDisposable
{
    internal const string Key = "faktory", Password = "a-password-of-the-platform", Salt = "a-salt", ClientSecret = "a-client-secret", RequestKey = "a-request-key", HookKey = "a-hook-key";

    readonly ResellerWorld reseller;

    DialectWorld(ResellerWorld reseller, ResellerIntegration integration, PlatformRunner? runner)
    {
        this.reseller = reseller;
        Integration = integration;
        Runner = runner;
        Http = new HttpClient { BaseAddress = reseller.Server.Http.BaseAddress, DefaultRequestHeaders = { Authorization = Basic(Key, Password) } };
        Stranger = new HttpClient { BaseAddress = Http.BaseAddress };
        Browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Http.BaseAddress };
    }

    internal ApiServer Server => reseller.Server;
    internal ResellerWorld Reseller => reseller;
    internal ResellerIntegration Integration { get; }
    internal PlatformRunner? Runner { get; }

    /// <summary>The platform, with its password.</summary>
    internal HttpClient Http { get; }
    internal HttpClient Stranger { get; }

    /// <summary>Follows nothing by itself.</summary>
    internal HttpClient Browser { get; }

    /// <param name="isPlayed">Whether operations are run: without, everything stays under way.</param>
    internal static async Task<DialectWorld> StartAsync(PostgresFixture postgres, Dialect dialect, PlatformSettings? settings = null, bool isPlayed = true, TimeProvider? clock = null, ResellerMode mode = ResellerMode.Referral)
    {
        var world = await ResellerWorld.StartAsync(postgres, mode, clock, "--Outbound:AllowPrivateAddresses=true");
        var integration = await world.Server.AddIntegrationAsync(world.Reseller, dialect, settings ?? new());
        return new DialectWorld(world, integration, isPlayed ? await PlatformRunner.StartAsync(world.Server) : null);
    }

    internal static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    internal Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read) => reseller.ReadAsync(read);

    internal Task<ManagedResource> ResourceAsync(string externalId) => ReadAsync(db => db.ManagedResources.AsNoTracking().SingleAsync(r => r.ExternalId == externalId));

    internal Task<int> InstancesAsync() => ReadAsync(db => db.Instances.CountAsync());

    internal async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, int status, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return await response.ShouldBeAsync(status);
    }

    /// <summary>The person to whom a resource belongs, who has come by an invitation.</summary>
    internal async Task<ControlPlaneClient> OwnerOfAsync(ManagedResource resource)
    {
        const string Email = "owner@shop.example";
        await using (var fleet = Server.Fleet())
        {
            var organization = await fleet.Db.Organizations.SingleAsync(o => o.Id == resource.OrganizationId);
            await fleet.Services.GetRequiredService<OwnerInvitations>().SendAsync(reseller.Reseller, organization, Email, default);
            await fleet.Db.SaveChangesAsync();
        }
        return await Server.AcceptAsync(Email);
    }

    internal long Now(TimeSpan ago = default) => (Server.Clock.GetUtcNow() - ago).ToUnixTimeSeconds();

    public async ValueTask DisposeAsync()
    {
        if (Runner is not null)
            await Runner.DisposeAsync();
        Http.Dispose();
        Stranger.Dispose();
        Browser.Dispose();
        await reseller.DisposeAsync();
    }
}

static class DialectAnswers
{
    internal static async Task<JsonNode> ShouldBeAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text)! : new JsonObject();
    }

    internal static string Text(this JsonNode node, string name) => node[name].ShouldNotBeNull(node.ToJsonString()).GetValue<string>();

    internal static string ShouldLeadToThePortal(this HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var address = response.Headers.Location.ShouldNotBeNull();
        address.AbsolutePath.ShouldBe("/sign-on");
        return System.Web.HttpUtility.ParseQueryString(address.Query)["ticket"].ShouldNotBeNull();
    }

    internal static async Task<ResellerIntegration> AddIntegrationAsync(this ApiServer server, Reseller reseller, Dialect dialect, PlatformSettings settings, string key = DialectWorld.Key)
    {
        var integration = new ResellerIntegration
        {
            Id = IntegrationId.New(server.Clock),
            ResellerId = reseller.Id,
            OrganizationId = reseller.OrganizationId,
            Dialect = dialect,
            Name = dialect.ToString(),
            Key = key,
            SecretHash = IntegrationLookup.HashPassword(DialectWorld.Password),
            Settings = settings.ToJson(),
            CreatedAt = server.Clock.GetUtcNow(),
        };
        await using var fleet = server.Fleet();
        fleet.Services.GetRequiredService<IntegrationLookup>().SealSecrets(integration, new Dictionary<string, string>
        {
            [PlatformSecretNames.SingleSignOnSalt] = DialectWorld.Salt,
            [PlatformSecretNames.ClientSecret] = DialectWorld.ClientSecret,
            [PlatformSecretNames.RequestKey] = DialectWorld.RequestKey,
            [PlatformSecretNames.HookKey] = DialectWorld.HookKey,
            [PlatformSecretNames.ApiPassword] = DialectWorld.Password,
        });
        fleet.Db.Add(integration);
        await fleet.Db.SaveChangesAsync();
        return integration;
    }
}
