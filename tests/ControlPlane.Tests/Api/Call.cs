using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Http;
using ControlPlane.Api.OpenApi;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Api;

/// <summary>A call that the Api maps, with what it says of itself.</summary>
sealed record Call(string Method, string Path, Access Access, object? Body)
{
    // No such id: a call that is let in changes nothing.
    internal HttpRequestMessage ToRequest(string id = "ins_00000000000000000000000000") => new(new HttpMethod(Method), Path.Replace("{id}", id))
    {
        Content = Body is null ? null : JsonContent.Create(Body, Body.GetType(), options: Json.Options),
    };
}

static class MappedCalls
{
    internal static IEnumerable<RouteEndpoint> Routes(this ApiServer server) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    internal static IEnumerable<Call> Calls(this ApiServer server) =>
        from route in server.Routes()
        let access = route.Metadata.GetMetadata<Access>()
        where access is not null
        from method in route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select new Call(method, route.RoutePattern.RawText!, access, route.Metadata.GetMetadata<Example>()?.Request);

    /// <summary>Whatever it answered, it was not that this caller may not make it.</summary>
    internal static async Task ShouldBeLetInAsync(this HttpResponseMessage response, Call call)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBeLessThan(500, $"{call}: {text}");
        ((int)response.StatusCode).ShouldNotBe(401, $"{call}: {text}");
        if ((int)response.StatusCode == 403)
            JsonNode.Parse(text)!["code"]!.GetValue<string>().ShouldNotBeOneOf("role_too_low", "scope_missing", "denied", "not_a_member");
    }

    internal static async Task<string> WithoutTraceAsync(this HttpResponseMessage response)
    {
        var problem = (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        problem.Remove("trace_id");
        return $"{(int)response.StatusCode} {problem.ToJsonString()}";
    }

    /// <summary>Another member of the organization, and a token of theirs.</summary>
    internal static async Task<string> AddMemberAsync(this ApiServer server, Customer owner, Role role, string[] scopes)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        db.Scope.EnterOrganization(owner.Organization);
        var email = $"{Guid.NewGuid():n}@example.com";
        var user = new User { Id = UserId.New(server.Clock).Value, Email = email, UserName = email, SecurityStamp = "stamp", CreatedAt = server.Clock.GetUtcNow() };
        db.Users.Add(user);
        db.Memberships.Add(new Membership { OrganizationId = owner.Organization, UserId = user.UserId, Role = role, JoinedAt = server.Clock.GetUtcNow() });
        var (token, secret) = ApiToken.Create(owner.Organization, user.UserId, "test", scopes, TimeSpan.FromDays(1), server.Clock);
        db.ApiTokens.Add(token);
        await db.SaveChangesAsync();
        return secret;
    }
}
