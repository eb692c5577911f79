using System.Net;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Portal;

public sealed class AccountPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_refused_sign_up_keeps_what_was_typed_and_says_what_to_do()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.GoAsync("/sign-up");

        await visitor.SubmitAsync("Create account", ("Form.Email", "ada@example.com"), ("Form.Password", "short"), ("Form.Organization", "Acme"));

        visitor.Page.QuerySelector("#form-password-error")!.TextContent.ShouldContain("10 to 128 characters");
        visitor.Page.QuerySelector("#form-email")!.GetAttribute("value").ShouldBe("ada@example.com");
        visitor.Page.QuerySelector("#form-organization")!.GetAttribute("value").ShouldBe("Acme");
    }

    [Fact]
    public async Task Signing_up_signs_in_and_leaves_no_token_that_nobody_has_seen()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");

        visitor.Text.ShouldContain("No instance yet");
        await visitor.GoAsync("/tokens");
        visitor.Page.QuerySelectorAll("tbody tr").ShouldAllBe(row => row.TextContent.Contains("Revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_learns_nothing_from_a_refused_sign_in()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        using var stranger = portal.Open();

        await stranger.SignInAsync("ada@example.com", "not the password");
        var known = stranger.Text;
        await stranger.SignInAsync("eve@example.com", "not the password");

        stranger.Text.ShouldBe(known);
        known.ShouldContain("do not belong together");
    }

    [Fact]
    public async Task Whoever_is_sent_back_to_sign_in_reads_why()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.GoAsync("/sign-in?ended=1");
        visitor.Text.ShouldContain("Your session has ended");
    }

    [Fact]
    public async Task An_address_with_nonsense_in_it_still_opens()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/instances?deleted=perhaps&cursor=%00&state=%F0");
        visitor.Text.ShouldContain("Instances");
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        using var stranger = portal.Open();
        for (var i = 0; i < 10; i++)
            await stranger.SignInAsync("ada@example.com", "not the password");

        await stranger.SignInAsync("ada@example.com", PortalVisitor.Password);

        stranger.Path.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task A_page_for_customers_asks_visitors_to_sign_in_and_leads_back()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using (var visitor = portal.Open())
            await visitor.SignUpAsync("ada@example.com");
        using var again = portal.Open();

        await again.GoAsync("/audit");
        again.Path.ShouldBe("/sign-in");
        await again.SubmitAsync("Sign in", ("Form.Email", "ada@example.com"), ("Form.Password", PortalVisitor.Password));

        again.Path.ShouldBe("/audit");
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");

        await visitor.SubmitAsync("Sign out");
        await visitor.GoAsync("/instances");

        visitor.Path.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");

        await visitor.PostAsync("/instances/new", new() { ["_handler"] = "create-instance", ["Form.Name"] = "orders", ["Form.Plan"] = "free" });

        visitor.LastResponse.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_changed_password_ends_the_sessions_of_other_devices_at_the_api()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var laptop = portal.Open();
        await laptop.SignUpAsync("ada@example.com");
        using var phone = portal.Open();
        await phone.SignInAsync("ada@example.com", PortalVisitor.Password);
        phone.Path.ShouldBe("/instances");

        await laptop.GoAsync("/account");
        await laptop.SubmitAsync("Change the password", ("Form.Present", PortalVisitor.Password), ("Form.Password", "some other plain words"));
        laptop.Text.ShouldContain("Your password is changed");

        await phone.GoAsync("/instances");
        phone.Path.ShouldBe("/sign-in");
        await laptop.GoAsync("/instances");
        laptop.Text.ShouldContain("No instance yet");
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_the_link_of_a_mail()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using (var visitor = portal.Open())
            await visitor.SignUpAsync("ada@example.com");
        using var forgetful = portal.Open();
        await forgetful.GoAsync("/forgot-password");
        await forgetful.SubmitAsync("Send the link", ("Form.Email", "ada@example.com"));
        forgetful.Text.ShouldContain("is on its way");

        await using var scope = portal.Api.Fleet();
        var mail = scope.Db.Mails.Single();
        var link = mail.Body.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal));
        await forgetful.GoAsync(new Uri(link).PathAndQuery);
        await forgetful.SubmitAsync("Save and sign in", ("Form.Password", "some other plain words"));

        forgetful.Path.ShouldBe("/instances");
    }
}
