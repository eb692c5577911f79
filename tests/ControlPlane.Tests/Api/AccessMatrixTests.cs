using System.Net;
using ControlPlane.Api.Dialects;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Tests.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Api;

/// <summary>Every mapped call, by everybody who may not make it.</summary>
public sealed class AccessMatrixTests(PostgresFixture postgres)
{
    static readonly string[] OpenBesidesV1 = ["/healthz", "/readyz", "/openapi/{documentName}.json"];

    [Fact]
    public async Task Every_call_says_who_may_make_it()
    {
        await using var server = await ApiServer.StartAsync(postgres);

        var silent = server.Routes().Where(route => route.Metadata.GetMetadata<Access>() is null && route.Metadata.GetMetadata<DialectCall>() is null).Select(route => route.RoutePattern.RawText!)
            .Where(path => !path.StartsWith("/docs", StringComparison.Ordinal) && !OpenBesidesV1.Contains(path));

        silent.ShouldBeEmpty();
        server.Calls().Count().ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Nobody_without_a_token_makes_a_call_that_is_not_public()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        foreach (var call in server.Calls().Where(call => call.Access.Kind != AccessKind.Public))
        {
            using var response = await server.Http.SendAsync(call.ToRequest());
            await response.ShouldBeRefusedAsync(401, "unauthenticated");
            response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task Each_role_makes_the_calls_that_are_open_to_it_and_no_others()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var owner = await server.SignUpAsync();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var http = server.ClientFor(await server.AddMemberAsync(owner, role, []));
            foreach (var call in server.Calls())
            {
                using var response = await http.SendAsync(call.ToRequest());
                if (call.Access.Kind == AccessKind.Operator)
                    await response.ShouldBeRefusedAsync(403, "operator_only");
                else if (call.Access.Role > role)
                    await response.ShouldBeRefusedAsync(403, "role_too_low");
                else
                    await response.ShouldBeLetInAsync(call);
            }
        }
    }

    [Fact]
    public async Task Each_scope_makes_the_calls_that_it_names_and_no_others()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var owner = await server.SignUpAsync();
        foreach (var scope in TokenScopes.All)
        {
            using var http = server.ClientFor(await server.AddMemberAsync(owner, Role.Owner, [scope]));
            foreach (var call in server.Calls().Where(call => call.Access.Kind == AccessKind.Member))
            {
                using var response = await http.SendAsync(call.ToRequest());
                if (call.Access.Scope == scope)
                    await response.ShouldBeLetInAsync(call);
                else
                    await response.ShouldBeRefusedAsync(403, "scope_missing");
            }
        }
    }

    [Fact]
    public async Task Ids_of_another_organization_look_like_ids_that_do_not_exist()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var victim = await server.SignUpAsync();
        var stranger = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(victim);
        var operation = (await victim.Client.RestartInstanceAsync(instance.Id)).Id;
        var token = (await victim.Client.CreateTokenAsync(new CreateTokenRequest("deploy"))).Token.Id;
        foreach (var call in server.Calls().Where(call => call.Access.Kind == AccessKind.Member && call.Path.Contains("{id}")))
        {
            var foreign = call.Path.Contains("/operations/") ? operation : call.Path.Contains("/tokens/") ? token : instance.Id;
            using var other = await stranger.Http.SendAsync(call.ToRequest(foreign));
            using var unknown = await stranger.Http.SendAsync(call.ToRequest(foreign[..^4] + "0000"));

            ((int)other.StatusCode).ShouldBe(404, call.Path);
            (await other.WithoutTraceAsync()).ShouldBe(await unknown.WithoutTraceAsync());
        }
        (await victim.Client.GetInstanceAsync(instance.Id)).Name.ShouldBe("orders");
        (await victim.Client.ListTokensAsync()).Items.ShouldAllBe(t => t.RevokedAt == null);
    }

    [Fact]
    public async Task Lists_hold_nothing_of_another_organization()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var victim = await server.SignUpAsync("victim@example.com");
        var stranger = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(victim, "secret-name");
        await victim.Client.DeleteInstanceAsync(instance.Id);
        foreach (var call in server.Calls().Where(call => call is { Method: "GET", Access.Kind: AccessKind.Member } && !call.Path.Contains("{id}")))
        {
            using var response = await stranger.Http.GetAsync(call.Path);
            var text = await response.Content.ReadAsStringAsync();
            text.ShouldNotContain("secret-name");
            text.ShouldNotContain(instance.Id);
            text.ShouldNotContain("victim@example.com");
        }
    }

    [Fact]
    public async Task The_database_itself_hides_other_organizations_rows_from_the_api()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var victim = await server.SignUpAsync();
        await server.AddRunningInstanceAsync(victim);
        var stranger = await server.SignUpAsync();
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        db.Scope.EnterOrganization(stranger.Organization);

        string[] filter = [ControlPlaneDb.TenantFilter];
        (await db.Instances.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(0);
        (await db.Operations.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(0);
        (await db.BackupPolicies.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(0);
        (await db.ApiTokens.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(1);
        (await db.Memberships.IgnoreQueryFilters(filter).CountAsync()).ShouldBe(1);
        (await db.Organizations.IgnoreQueryFilters(filter).SingleAsync()).Id.ShouldBe(stranger.Organization);
        (await db.AuditEntries.IgnoreQueryFilters(filter).Select(e => e.OrganizationId).Distinct().SingleAsync()).ShouldBe(stranger.Organization);
    }

    [Fact]
    public async Task Tokens_that_do_not_work_any_more_say_why()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2027, 1, 4, 12, 0, 0, TimeSpan.Zero));
        await using var server = await ApiServer.StartAsync(postgres, clock);
        var customer = await server.SignUpAsync();
        var revoked = await customer.Client.CreateTokenAsync(new CreateTokenRequest("a"));
        await customer.Client.RevokeTokenAsync(revoked.Token.Id);
        var expiring = await customer.Client.CreateTokenAsync(new CreateTokenRequest("b", ExpiresInDays: 1));
        clock.Advance(TimeSpan.FromDays(1));

        using var afterRevocation = await server.ClientFor(revoked.Secret).GetAsync("v1/me");
        using var afterExpiry = await server.ClientFor(expiring.Secret).GetAsync("v1/me");
        using var madeUp = await server.ClientFor("fct_" + new string('a', 43)).GetAsync("v1/me");
        using var other = await server.ClientFor("Zm9v").GetAsync("v1/me");

        await afterRevocation.ShouldBeRefusedAsync(401, "token_revoked");
        await afterExpiry.ShouldBeRefusedAsync(401, "token_expired");
        await madeUp.ShouldBeRefusedAsync(401, "token_invalid");
        await other.ShouldBeRefusedAsync(401, "token_invalid");
    }

    [Fact]
    public async Task A_token_of_somebody_who_has_left_does_nothing()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var owner = await server.SignUpAsync();
        using var leaver = server.ClientFor(await server.AddMemberAsync(owner, Role.Admin, []));
        (await leaver.GetAsync("v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await server.ExecuteAsOwnerAsync("DELETE FROM memberships WHERE role = 'admin'");

        using var response = await leaver.GetAsync("v1/me");
        await response.ShouldBeRefusedAsync(401, "token_invalid");
    }

    [Fact]
    public async Task The_portals_ticket_speaks_for_a_person_until_the_session_ends()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var colleague = await server.SignUpAsync(organization: "Other");
        var keys = server.Services.GetRequiredService<IDataProtectionProvider>();
        string stamp;
        await using (var scope = server.Fleet())
            stamp = (await scope.Db.Users.SingleAsync(u => u.Id == customer.User.Value)).SecurityStamp!;
        var ticket = PortalTicket.Seal(keys, customer.User, stamp, null, server.Clock);
        using var http = server.ClientFor(ticket);

        var me = await new ControlPlaneClient(http).GetMeAsync();
        me.Organization.Id.ShouldBe(customer.Account.Organization.Id);
        me.Role.ShouldBe("owner");
        me.Memberships.Count.ShouldBe(1);

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "v1/me") { Headers = { { "Faktory-Organization", colleague.Account.Organization.Id } } };
        using var refused = await http.SendAsync(foreign);
        await refused.ShouldBeRefusedAsync(403, "not_a_member");

        using var forged = await server.ClientFor(ticket[..^2] + "AA").GetAsync("v1/me");
        await forged.ShouldBeRefusedAsync(401, "session_ended");
        await server.ExecuteAsOwnerAsync("UPDATE users SET security_stamp = 'changed'");
        using var ended = await http.GetAsync("v1/me");
        await ended.ShouldBeRefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task A_token_does_not_create_one_that_may_do_more()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var writer = new ControlPlaneClient(server.ClientFor((await customer.Client.CreateTokenAsync(new CreateTokenRequest("writer", ["write", "read"]))).Secret));

        await writer.CreateTokenAsync(new CreateTokenRequest("all")).ShouldBeRefusedAsync("scopes_exceed_token");
        await writer.CreateTokenAsync(new CreateTokenRequest("reveal", ["credentials"])).ShouldBeRefusedAsync("scopes_exceed_token");
        await writer.CreateTokenAsync(new CreateTokenRequest("nonsense", ["root"])).ShouldBeRefusedAsync("invalid_scopes");
        (await writer.CreateTokenAsync(new CreateTokenRequest("reader", ["read"]))).Token.Scopes.ShouldBe(["read"]);
    }
}
