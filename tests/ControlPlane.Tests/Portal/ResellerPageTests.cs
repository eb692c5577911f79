using System.Net;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Dialects;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Portal;

public sealed class ResellerPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_reseller_works_through_its_console()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        var world = await portal.Api.AddResellerAsync();
        using var staff = await SignInAsync(portal, world.Staff.Account.User.Email);
        foreach (var path in (string[])["", "/customers", "/instances", "/money", "/keys", "/webhooks", "/deliveries", "/brand"])
        {
            await staff.GoAsync($"/reseller{path}");
            staff.LastResponse.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            staff.Page.QuerySelector("main [role=alert]").ShouldBeNull(path);
        }

        await staff.GoAsync("/reseller/customers");
        await staff.SubmitAsync("Create customer", ("Form.Name", "Initech"), ("Form.ExternalId", "c-1"), ("Form.OwnerEmail", "not an address"));
        staff.Page.QuerySelector("#form-owneremail-error").ShouldNotBeNull();
        await staff.SubmitAsync("Create customer", ("Form.OwnerEmail", "owner@initech.example"));
        staff.Text.ShouldContain("The customer is there, and its owner has an invitation.");
        await staff.SubmitAsync("Create instance", ("Form.Id", "orders 1"), ("Form.Plan", "free"));
        staff.Path.ShouldStartWith("/reseller/instances/res_");
        staff.Text.ShouldContain("Of Initech, on the plan Free, through api. Your id: orders 1.");
        await staff.SubmitAsync("Suspend");
        staff.Text.ShouldContain("It is held by you.");
        await staff.SubmitAsync("Deprovision", ("Confirm", "orders"));
        staff.Text.ShouldContain("This is not your id of the instance.");
        await staff.SubmitAsync("Deprovision", ("Confirm", "orders 1"));
        staff.Text.ShouldContain("No instance yet");

        await staff.GoAsync("/reseller/keys");
        await staff.SubmitAsync("Create key", ("Form.Name", "provisioning"), ("Form.Scopes", "reseller:read"));
        staff.Text.ShouldContain("provisioning is ready.");
        await staff.GoAsync("/reseller/platforms");
        await staff.SubmitAsync("Add platform", ("Form.Dialect", "heroku"), ("Form.Name", "Faktory"), ("Form.Key", "faktory jobs"));
        staff.Page.QuerySelector("#form-key-error").ShouldNotBeNull();
        await staff.SubmitAsync("Add platform", ("Form.Dialect", "heroku"), ("Form.Name", "Faktory"), ("Form.Key", "faktory-jobs"));
        staff.Page.QuerySelector("#new-manifest")!.TextContent.ShouldContain("\"sso_salt\": \"");
        var password = staff.Page.QuerySelector("#new-password")!.TextContent;
        var manifest = await staff.DownloadAsync(staff.Page.QuerySelectorAll("a[download]")[^1].GetAttribute("href")!);
        manifest.ShouldContain("\"id\": \"faktory-jobs\"");
        manifest.ShouldNotContain(password);
        await staff.SubmitAsync("Make new secrets for Faktory");
        staff.Page.QuerySelector("#new-password")!.TextContent.ShouldNotBe(password);
        await CertifyAsync(portal, staff);
        await staff.GoAsync("/reseller/webhooks");
        await staff.SubmitAsync("Add webhook", ("Url", "https://127.0.0.1/"));
        staff.Page.QuerySelector("#url-error").ShouldNotBeNull();
        await staff.SubmitAsync("Add webhook", ("Url", "https://hooks.example.com/x"));
        staff.Text.ShouldContain("whs_");
        await staff.SubmitAsync("Test");
        staff.Text.ShouldContain("webhook.test");
    }

    static async Task CertifyAsync(PortalServer portal, PortalVisitor staff)
    {
        await using var runner = await PlatformRunner.StartAsync(portal.Api);
        await staff.GoAsync(staff.Page.QuerySelectorAll("a[href$='/certification']")[^1].GetAttribute("href")!);
        staff.Text.ShouldContain("Not tried yet");
        await staff.SubmitAsync("Run certification");
        staff.Path.ShouldEndWith("/certification");
        staff.Text.ShouldContain("A wrong password is refused");
        staff.Page.QuerySelectorAll(".state.good").Length.ShouldBeGreaterThan(5);
        staff.Page.QuerySelectorAll(".state.bad").ShouldBeEmpty();
        (await staff.DownloadAsync(staff.Page.QuerySelector("a[href$='certification.html']")!.GetAttribute("href")!)).ShouldContain("Passed");
    }

    [Fact]
    public async Task An_invited_owner_joins_under_the_brand_and_can_take_over()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        var world = await portal.Api.AddResellerAsync();
        await world.Staff.Client.PutWhiteLabelAsync(new("Resale Queues", PrimaryColor: "#0b7285"));
        await world.Staff.Client.CreateManagedCustomerAsync(new("c-1", "Initech", "owner@initech.example"));
        var token = (await world.ReadAsync(db => db.Mails.SingleAsync(m => m.To == "owner@initech.example"))).Body.Split("join?token=")[1].Split('\n')[0].Trim();
        using var owner = portal.Open();

        await owner.GoAsync($"/join?token={token}");
        owner.Text.ShouldContain("Join Initech");
        await owner.SubmitAsync("Join and sign in", ("Form.Password", "short"));
        owner.Page.QuerySelector("#form-password-error").ShouldNotBeNull();
        await owner.SubmitAsync("Join and sign in", ("Form.Password", PortalVisitor.Password));

        owner.Path.ShouldBe("/instances");
        owner.Page.QuerySelector(".brand")!.TextContent.Trim().ShouldBe("Resale Queues");
        owner.Page.Title!.ShouldEndWith("· Resale Queues");
        owner.Page.QuerySelector("link[href^='/brand.css']")!.GetAttribute("href").ShouldBe("/brand.css?primary=0b7285&accent=");
        await owner.GoAsync("/organization/reseller");
        owner.Text.ShouldContain("see or change instances that you started yourself");
        await owner.SubmitAsync("Take over now");
        owner.Text.ShouldContain("The organization is all yours.");
        owner.Page.QuerySelector(".brand")!.TextContent.Trim().ShouldBe("Faktory Cloud");
        using var again = portal.Open();
        await again.GoAsync($"/join?token={token}");
        again.Text.ShouldContain("This link does not work any more");
    }

    [Fact]
    public async Task A_sign_on_link_lets_one_browser_in_once()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        var world = await portal.Api.AddResellerAsync();
        var made = await world.ProvisionAsync("r-1", name: "orders");
        await portal.Api.ProvisionAsync(made.Resource!.InstanceId.ToString());
        var link = await world.AsAsync((services, by) => services.GetRequiredService<SignOn>().RunAsync(by, made.Resource!, new SignOnRequest("u-1", "ada@platform.example"), default));
        using var first = portal.Open();
        using var second = portal.Open();

        await first.GoAsync(link!.PathAndQuery);
        first.Path.ShouldBe($"/instances/{made.Resource.InstanceId}");
        first.Text.ShouldContain("orders");
        await second.GoAsync(link.PathAndQuery);
        second.Path.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task The_operator_makes_and_suspends_resellers()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        var boss = await portal.Api.OperatorAsync();
        var staff = await portal.Api.SignUpAsync(organization: "Resale");
        using var visitor = await SignInAsync(portal, boss.Account.User.Email);

        await visitor.GoAsync("/operator/resellers");
        await visitor.SubmitAsync("Make it a reseller", ("Form.Organization", "org_none"));
        visitor.Page.QuerySelector("#form-organization-error").ShouldNotBeNull();
        await visitor.SubmitAsync("Make it a reseller", ("Form.Organization", staff.Account.Organization.Id), ("Form.Mode", "wholesale"));
        visitor.Text.ShouldContain("Resale");
        await visitor.SubmitAsync("Suspend");
        visitor.Text.ShouldContain("Suspended");

        (await staff.Client.GetResellerAsync()).Status.ShouldBe(nameof(ResellerStatus.Suspended).ToLowerInvariant());
    }

    static async Task<PortalVisitor> SignInAsync(PortalServer portal, string email)
    {
        var visitor = portal.Open();
        await visitor.SignInAsync(email, Customer.Password);
        return visitor;
    }
}
