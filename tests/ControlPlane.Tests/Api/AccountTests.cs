using System.Net;
using System.Text.RegularExpressions;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Api;

public sealed partial class AccountTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_plans_are_public()
    {
        await using var server = await ApiServer.StartAsync(postgres);

        var plans = (await new ControlPlaneClient(server.Http).ListPlansAsync()).Items;

        plans.Select(plan => plan.Key).ShouldBe(["free", "hobby", "pro", "business"]);
        plans[0].PriceMinor.ShouldBe(0);
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_the_link_in_the_mail_once()
    {
        await using var server = await ApiServer.StartAsync(postgres, settings: "--Api:PortalAddress=https://portal.example.com");
        var customer = await server.SignUpAsync("ada@example.com");
        var stranger = new ControlPlaneClient(server.Http);

        await stranger.RequestPasswordResetAsync(new PasswordResetRequest("ada@example.com"));
        var (link, token) = await ReadLinkAsync(server);
        link.ShouldStartWith("https://portal.example.com/reset-password?email=ada%40example.com&token=");
        await stranger.ConfirmPasswordResetAsync(new ConfirmPasswordResetRequest("ada@example.com", token, "password1234")).ShouldBeRefusedAsync("password_too_common");
        await stranger.ConfirmPasswordResetAsync(new ConfirmPasswordResetRequest("eve@example.com", token, "other plain words")).ShouldBeRefusedAsync("reset_link_invalid");
        var before = await StampAsync(server);
        await stranger.ConfirmPasswordResetAsync(new ConfirmPasswordResetRequest("ada@example.com", token, "other plain words"));

        (await StampAsync(server)).ShouldNotBe(before);
        await stranger.ConfirmPasswordResetAsync(new ConfirmPasswordResetRequest("ada@example.com", token, "third plain words")).ShouldBeRefusedAsync("reset_link_invalid");
        (await customer.Client.GetMeAsync()).Role.ShouldBe("owner");
    }

    [Fact]
    public async Task Asking_for_a_password_tells_nobody_whether_there_is_an_account()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync("ada@example.com");

        using var known = await customer.PostAsync("v1/password-reset", new PasswordResetRequest("ada@example.com"));
        using var unknown = await customer.PostAsync("v1/password-reset", new PasswordResetRequest("eve@example.com"));

        known.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var scope = server.Fleet();
        (await scope.Db.Mails.OrderBy(mail => mail.To).Select(mail => mail.To).ToListAsync()).ShouldBe(["ada@example.com", "eve@example.com"]);
        (await scope.Db.Mails.SingleAsync(mail => mail.To == "eve@example.com")).Body.ShouldContain("There is no account");
    }

    [Fact]
    public async Task Nobody_is_flooded_with_mails()
    {
        await using var server = await ApiServer.StartAsync(postgres, settings: "--RateLimits:PasswordMailsPerHour=2");
        var stranger = new ControlPlaneClient(server.Http);

        for (var i = 0; i < 4; i++)
            await stranger.RequestPasswordResetAsync(new PasswordResetRequest(i % 2 == 0 ? "ada@example.com" : "ADA@example.com"));

        await using var scope = server.Fleet();
        (await scope.Db.Mails.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task The_one_time_link_makes_one_operator()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync("ada@example.com");
        await server.AddRunningInstanceAsync(customer);
        await AddClaimAsync(server, "link", TimeSpan.FromHours(1));
        await AddClaimAsync(server, "old link", TimeSpan.FromHours(-1));
        var stranger = new ControlPlaneClient(server.Http);

        await stranger.ClaimOperatorAsync(new ClaimOperatorRequest("guess", "root@example.com", Customer.Password)).ShouldBeRefusedAsync("operator_link_invalid");
        await stranger.ClaimOperatorAsync(new ClaimOperatorRequest("old link", "root@example.com", Customer.Password)).ShouldBeRefusedAsync("operator_link_invalid");
        await stranger.ClaimOperatorAsync(new ClaimOperatorRequest("link", "ada@example.com", "not her password")).ShouldBeRefusedAsync("password_wrong");
        (await stranger.ClaimOperatorAsync(new ClaimOperatorRequest("link", "root@example.com", Customer.Password))).Email.ShouldBe("root@example.com");
        await stranger.ClaimOperatorAsync(new ClaimOperatorRequest("link", "eve@example.com", Customer.Password)).ShouldBeRefusedAsync("operator_link_invalid");

        await using var scope = server.Fleet();
        (await scope.Db.Users.Where(u => u.IsOperator).Select(u => u.Email).ToListAsync()).ShouldBe(["root@example.com"]);
        (await scope.Db.Organizations.CountAsync(o => o.Name == "Operator")).ShouldBe(1);
    }

    [Fact]
    public async Task The_operator_sees_the_fleet_and_leaves_a_trace()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync("ada@example.com");
        var instance = await server.AddRunningInstanceAsync(customer);
        await AddClaimAsync(server, "link", TimeSpan.FromHours(1));
        await new ControlPlaneClient(server.Http).ClaimOperatorAsync(new ClaimOperatorRequest("link", "ada@example.com", Customer.Password));

        (await customer.Client.GetMeAsync()).ShouldSatisfyAllConditions(me => me.IsOperator.ShouldBeTrue(), me => me.Memberships.Count.ShouldBe(1));
        var fleet = await customer.Client.GetFleetAsync();
        await customer.Client.GetFleetAsync();

        fleet.ShouldSatisfyAllConditions(f => f.Instances.ShouldBe(1), f => f.InstancesByState.ShouldBe(new Dictionary<string, int> { ["running"] = 1 }));
        fleet.Newest.Single().ShouldSatisfyAllConditions(one => one.Instance.Id.ShouldBe(instance.Id), one => one.Organization.Id.ShouldBe(customer.Account.Organization.Id));
        (await customer.Client.ListOperatorOperationsAsync()).Items.Single().Kind.ShouldBe("instance.provision");
        (await customer.Client.ListOperatorAlertsAsync()).Items.ShouldBeEmpty();
        (await customer.Client.ListOperatorMailsAsync()).Items.ShouldBeEmpty();
        await using var scope = server.Fleet();
        (await scope.Db.AuditEntries.Where(e => e.OrganizationId == null).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync())
            .ShouldBe(["operator.claimed", "operator.get_fleet", "operator.list_fleet_operations", "operator.list_fleet_alerts", "operator.list_mails"]);
    }

    static async Task<(string Link, string Token)> ReadLinkAsync(ApiServer server)
    {
        await using var scope = server.Fleet();
        var link = Link().Match((await scope.Db.Mails.SingleAsync()).Body).Value;
        return (link, Uri.UnescapeDataString(link[(link.IndexOf("token=", StringComparison.Ordinal) + 6)..]));
    }

    static async Task<string> StampAsync(ApiServer server)
    {
        await using var scope = server.Fleet();
        return (await scope.Db.Users.SingleAsync(u => u.Email == "ada@example.com")).SecurityStamp!;
    }

    static async Task AddClaimAsync(ApiServer server, string token, TimeSpan livesFor)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        db.OperatorClaims.Add(new OperatorClaim { TokenHash = ApiToken.Hash(token), ExpiresAt = server.Clock.GetUtcNow() + livesFor });
        await db.SaveChangesAsync();
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link();
}
