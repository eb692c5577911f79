using ControlPlane.Client;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Resellers;

/// <summary>The native API, call by call, as a reseller's staff and keys make them.</summary>
public sealed class ResellerApiTests(PostgresFixture postgres)
{
    static readonly CreateManagedCustomerRequest acme = new("acme-17", "Acme", "owner@acme.example");

    [Fact]
    public async Task The_operator_makes_an_organization_a_reseller_and_its_staff_creates_a_customer_with_an_owner()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var boss = await server.OperatorAsync();
        var staff = await server.SignUpAsync(organization: "Resale");
        await staff.Client.GetResellerAsync().ShouldBeRefusedAsync("not_a_reseller");
        var made = await boss.Client.CreateResellerAsync(new CreateResellerRequest(staff.Account.Organization.Id));
        await boss.Client.CreateResellerAsync(new CreateResellerRequest(staff.Account.Organization.Id)).ShouldBeRefusedAsync("reseller_exists");
        await staff.Client.CreateResellerAsync(new CreateResellerRequest(staff.Account.Organization.Id)).ShouldBeRefusedAsync("operator_only");

        made.Integrations.Select(i => (i.Dialect, i.IsSandbox)).ShouldBe([("native", false), ("native", true)]);
        var customer = await staff.Client.CreateManagedCustomerAsync(acme);
        (await staff.Client.CreateManagedCustomerAsync(acme)).Id.ShouldBe(customer.Id);
        customer.OwnerJoined.ShouldBeFalse();

        var owner = await server.AcceptAsync("owner@acme.example");
        var me = await owner.GetMeAsync();
        (me.Organization.Id, me.Role, me.ManagedBy, me.IsReseller).ShouldBe((customer.Id, "owner", "Resale", false));
        (await staff.Client.GetManagedCustomerAsync(customer.Id)).OwnerJoined.ShouldBeTrue();
        (await owner.GetMyResellerAsync()).Name.ShouldBe("Resale");
        await staff.Client.InviteOwnerAsync(customer.Id).ShouldBeRefusedAsync("owner_joined");
        (await boss.Client.ListResellersAsync()).Items.ShouldHaveSingleItem().Customers.ShouldBe(1);
    }

    [Fact]
    public async Task An_invitation_works_once()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        await world.Staff.Client.CreateManagedCustomerAsync(acme);
        var token = (await world.ReadAsync(db => db.Mails.SingleAsync(m => m.To == "owner@acme.example"))).Body.Split("join?token=")[1].Split('\n')[0].Trim();
        var visitor = new ControlPlaneClient(world.Server.Http);

        var seen = await visitor.LookAtInvitationAsync(new InvitationRequest(token));
        (seen.Organization, seen.Email, seen.Role, seen.HasAccount).ShouldBe(("Acme", "owner@acme.example", "owner", false));
        await visitor.AcceptInvitationAsync(new AcceptInvitationRequest(token, "1234567890")).ShouldBeRefusedAsync("password_too_common");
        await visitor.AcceptInvitationAsync(new AcceptInvitationRequest(token, Customer.Password));
        await visitor.AcceptInvitationAsync(new AcceptInvitationRequest(token, Customer.Password)).ShouldBeRefusedAsync("invitation_invalid");
        await visitor.LookAtInvitationAsync(new InvitationRequest("made up")).ShouldBeRefusedAsync("invitation_invalid");
    }

    [Fact]
    public async Task An_invitation_to_somebody_who_has_an_account_takes_its_password_and_no_other()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        await world.Server.SignUpAsync("owner@acme.example");
        await world.Staff.Client.CreateManagedCustomerAsync(acme);
        var token = (await world.ReadAsync(db => db.Mails.SingleAsync(m => m.To == "owner@acme.example"))).Body.Split("join?token=")[1].Split('\n')[0].Trim();
        var visitor = new ControlPlaneClient(world.Server.Http);

        (await visitor.LookAtInvitationAsync(new InvitationRequest(token))).HasAccount.ShouldBeTrue();
        await visitor.AcceptInvitationAsync(new AcceptInvitationRequest(token, "some other words")).ShouldBeRefusedAsync("password_wrong");
        await visitor.AcceptInvitationAsync(new AcceptInvitationRequest(token, Customer.Password));
    }

    [Fact]
    public async Task An_instance_lives_its_whole_life_through_the_native_api()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var client = world.Staff.Client;
        var customer = await client.CreateManagedCustomerAsync(acme);
        var request = new CreateManagedInstanceRequest("acme orders 1", customer.Id, "free", "orders");

        var made = await client.CreateManagedInstanceAsync(request);
        (made.ExternalId, made.Name, made.State, made.CustomerName, made.Integration).ShouldBe(("acme orders 1", "orders", "provisioning", "Acme", "api"));
        await client.GetManagedCredentialsAsync(made.Id).ShouldBeRefusedAsync("resource_not_ready");
        (await client.CreateManagedInstanceAsync(request)).Operation!.Id.ShouldBe(made.Operation!.Id);
        await client.CreateManagedInstanceAsync(request with { Plan = "pro" }).ShouldBeRefusedAsync("resource_conflict");
        await world.Server.ProvisionAsync(made.Instance);

        (await client.GetManagedInstanceAsync("acme orders 1")).State.ShouldBe("running");
        (await client.GetManagedCredentialsAsync("acme orders 1")).FaktoryUrl.ShouldStartWith("tcp://:");
        (await client.SuspendManagedInstanceAsync(made.Id)).SuspendedBy.ShouldBe(["reseller"]);
        (await client.ResumeManagedInstanceAsync(made.Id)).SuspendedBy.ShouldBeEmpty();
        (await client.ChangeManagedPlanAsync(made.Id, new ChangeManagedPlanRequest("pro"))).Plan.ShouldBe("pro");
        (await RotateAsync("k-1")).ShouldBe(await RotateAsync("k-1"));
        (await RotateAsync("k-2")).ShouldNotBe(await RotateAsync("k-1"));
        (await client.GetManagedUsageAsync(made.Id)).Periods.ShouldBeEmpty();
        (await client.SignOnAsync(made.Id, new SignOnRequest("u-1", "ada@acme.example"))).Url.ShouldContain("/sign-on?ticket=");
        (await client.DeprovisionAsync(made.Id)).State.ShouldBe("deleting");
        await client.SuspendManagedInstanceAsync(made.Id).ShouldBeRefusedAsync("resource_gone");
        await client.CreateManagedInstanceAsync(request).ShouldBeRefusedAsync("resource_gone");
        (await client.ListManagedInstancesAsync()).Items.ShouldBeEmpty();

        async Task<string> RotateAsync(string key)
        {
            using var response = await world.Staff.PostAsync($"v1/reseller/instances/{made.Id}/rotate", null, ("Idempotency-Key", key));
            return (await response.ReadAsync<ManagedInstanceResource>()).Operation!.Id;
        }
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_say_and_never_reaches_its_own_organization()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var customer = await world.Staff.Client.CreateManagedCustomerAsync(acme);
        var created = await world.Staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest("look"));
        var reader = new ControlPlaneClient(world.Server.ClientFor(created.Secret));

        (await reader.GetManagedCustomerAsync(customer.Id)).Name.ShouldBe("Acme");
        await reader.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("x", customer.Id, "free")).ShouldBeRefusedAsync("scope_missing");
        await reader.GetManagedCredentialsAsync("x").ShouldBeRefusedAsync("scope_missing");
        await reader.ListResellerContractsAsync().ShouldBeRefusedAsync("scope_missing");
        await reader.ListInstancesAsync().ShouldBeRefusedAsync("scope_missing");
        await world.Staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest("much", ["read"])).ShouldBeRefusedAsync("invalid_scopes");
        (await world.Staff.Client.ListResellerKeysAsync()).Items.ShouldHaveSingleItem().Name.ShouldBe("look");
        await world.Staff.Client.RevokeResellerKeyAsync(created.Token.Id);
        await reader.GetResellerAsync().ShouldBeRefusedAsync("token_revoked");
    }

    [Fact]
    public async Task The_sandbox_is_free_apart_and_has_a_clock_of_its_own()
    {
        await using var world = await ResellerWorld.StartAsync(postgres, ResellerMode.Wholesale);
        var live = await world.Staff.Client.CreateManagedCustomerAsync(acme);
        var key = await world.Staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest("try", ["reseller:read", "reseller:write", "credentials"], IsSandbox: true));
        var sandbox = new ControlPlaneClient(world.Server.ClientFor(key.Secret));
        await world.Staff.Client.CreateWebhookAsync(new CreateWebhookRequest("https://hooks.example.com/x"));

        await sandbox.GetManagedCustomerAsync(live.Id).ShouldBeRefusedAsync("reseller_customer_not_found");
        var tried = await sandbox.CreateManagedCustomerAsync(acme);
        tried.Id.ShouldNotBe(live.Id);
        var made = await sandbox.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("try-1", tried.Id, "pro"));
        made.IsSandbox.ShouldBeTrue();
        await world.Staff.Client.GetManagedInstanceAsync(made.Id).ShouldBeRefusedAsync("resource_not_found");
        (await world.ReadAsync(db => db.SubscriptionItems.CountAsync())).ShouldBe(0);
        await sandbox.CreateResellerKeyAsync(new CreateResellerKeyRequest("out", ["reseller:read"])).ShouldBeRefusedAsync("scopes_exceed_token");

        (await sandbox.AdvanceSandboxAsync(new AdvanceSandboxRequest(70 * 86_400))).AheadSeconds.ShouldBe(70 * 86_400);
        (await world.Staff.Client.ListDeliveriesAsync()).Items.Count(d => d.Type == "sandbox.period_ended").ShouldBe(2);
    }

    [Fact]
    public async Task The_sandbox_has_room_for_twenty()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var key = await world.Staff.Client.CreateResellerKeyAsync(new CreateResellerKeyRequest("try", ["reseller:read", "reseller:write"], IsSandbox: true));
        var sandbox = new ControlPlaneClient(world.Server.ClientFor(key.Secret));
        for (var i = 0; i < ControlPlane.Api.Resellers.Commands.ProvisionResource.SandboxInstancesMax; i++)
        {
            var customer = await sandbox.CreateManagedCustomerAsync(acme with { ExternalId = $"c-{i}" });
            await sandbox.CreateManagedInstanceAsync(new CreateManagedInstanceRequest($"i-{i}", customer.Id, "free"));
        }
        var last = await sandbox.CreateManagedCustomerAsync(acme);

        await sandbox.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("one-more", last.Id, "free")).ShouldBeRefusedAsync("sandbox_full");

        // All of them stand on pages, each once.
        using var http = world.Server.ClientFor(key.Secret);
        (await ReadAsync<ManagedInstanceResource>("instances")).Select(i => i.ExternalId).Distinct().Count().ShouldBe(20);
        (await ReadAsync<ManagedCustomerResource>("customers")).Select(c => c.Id).Distinct().Count().ShouldBe(21);

        async Task<List<T>> ReadAsync<T>(string what)
        {
            var items = new List<T>();
            string? cursor = null;
            do
            {
                using var response = await http.GetAsync($"v1/reseller/{what}?limit=8{(cursor is null ? "" : $"&cursor={cursor}")}");
                var page = await response.ReadAsync<Page<T>>();
                page.Items.Count.ShouldBeLessThanOrEqualTo(8);
                items.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            items.Count.ShouldBeLessThanOrEqualTo(21);
            return items;
        }
    }

    [Fact]
    public async Task A_suspended_reseller_starts_nothing_and_its_customers_are_told_once()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var boss = await world.Server.OperatorAsync();
        var customer = await world.Staff.Client.CreateManagedCustomerAsync(acme);
        var owner = await world.Server.AcceptAsync("owner@acme.example");
        var made = await world.Staff.Client.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("i-1", customer.Id, "free"));

        await boss.Client.SuspendResellerAsync(world.Reseller.Id.ToString(), new ReasonRequest("contract ended"));
        await boss.Client.SuspendResellerAsync(world.Reseller.Id.ToString(), new ReasonRequest("contract ended"));

        await world.Staff.Client.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("i-2", customer.Id, "free")).ShouldBeRefusedAsync("reseller_suspended");
        await world.Staff.Client.CreateManagedCustomerAsync(acme with { ExternalId = "new" }).ShouldBeRefusedAsync("reseller_suspended");
        (await world.ReadAsync(db => db.Mails.CountAsync(m => m.Subject == "You may take your job queues over" && m.To == "owner@acme.example"))).ShouldBe(1);
        (await owner.GetMyResellerAsync()).TakeOverOfferedSince.ShouldNotBeNull();
        (await world.Staff.Client.GetManagedInstanceAsync(made.Id)).SuspendedBy.ShouldBeEmpty();
        (await boss.Client.ResumeResellerAsync(world.Reseller.Id.ToString())).Status.ShouldBe("active");
    }

    [Fact]
    public async Task Money_is_that_of_the_resellers_own_party()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var other = await world.Server.AddResellerAsync(name: "Other");
        var boss = await world.Server.OperatorAsync();
        await boss.Client.CreateContractAsync(new CreateContractRequest($"reseller:{other.Reseller.PartyId}", "net_of_fees", 200_000));
        await boss.Client.CreateContractAsync(new CreateContractRequest($"reseller:{world.Reseller.PartyId}", "net_of_fees", 250_000));

        (await world.Staff.Client.ListResellerContractsAsync()).Items.ShouldHaveSingleItem().RatePpm.ShouldBe(250_000);
        (await world.Staff.Client.ListResellerStatementsAsync()).Items.ShouldBeEmpty();
        (await world.Staff.Client.ListResellerPayoutsAsync()).Items.ShouldBeEmpty();
        (await world.Staff.Client.GetResellerRevenueAsync()).Months.ShouldBeEmpty();
        (await world.Staff.Client.GetResellerStatementAsync("2026-10", "USD")).Party.ShouldBe($"reseller:{world.Reseller.PartyId}");
    }
}

static class Operators
{
    internal static async Task<Customer> OperatorAsync(this ApiServer server)
    {
        var person = await server.SignUpAsync(organization: "Operator");
        await server.ExecuteAsOwnerAsync("UPDATE users SET is_operator = true WHERE id = $1", person.User.Value);
        return person;
    }
}
