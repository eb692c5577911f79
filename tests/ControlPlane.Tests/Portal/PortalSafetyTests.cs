using System.Net;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Portal;

public sealed class PortalSafetyTests(PostgresFixture postgres)
{
    static readonly string[] pages =
    [
        "/", "/sign-in", "/sign-up", "/forgot-password", "/instances", "/instances?deleted=true", "/instances/new", "/activity", "/alerts", "/tokens", "/members", "/audit", "/account",
        "/operator", "/operator/alerts", "/operator/operations", "/operator/mails", "/billing", "/billing/invoices", "/billing/payments", "/billing/usage", "/billing/add-ons", "/billing/details",
        "/operator/money", "/operator/money/customers", "/operator/money/invoices", "/operator/money/payments", "/operator/money/refunds", "/operator/money/plans", "/operator/money/coupons", "/operator/money/parties",
        "/operator/money/contracts", "/operator/money/payouts", "/operator/money/statements", "/operator/money/months", "/operator/money/ledger", "/operator/money/journals", "/operator/money/clock",
    ];

    [Fact]
    public async Task No_page_has_script_or_style_inside_it()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        foreach (var page in pages)
        {
            await visitor.GoAsync(page);
            visitor.LastResponse.StatusCode.ShouldBe(HttpStatusCode.OK, page);
            visitor.Page.QuerySelectorAll("script:not([src]), style, [style]").ShouldBeEmpty(page);
            visitor.Page.QuerySelectorAll("*").SelectMany(e => e.Attributes).Where(a => a.Name.StartsWith("on", StringComparison.Ordinal)).ShouldBeEmpty(page);
        }
    }

    [Fact]
    public async Task Browsers_are_told_to_run_nothing_else_and_to_keep_nothing()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.GoAsync("/sign-in");

        var headers = visitor.LastResponse.Headers;
        headers.GetValues("Content-Security-Policy").Single().ShouldSatisfyAllConditions(
            policy => policy.ShouldContain("script-src 'self'"),
            policy => policy.ShouldContain("frame-ancestors 'none'"),
            policy => policy.ShouldNotContain("unsafe"));
        headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        headers.CacheControl!.NoStore.ShouldBeTrue();
        headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Cookies_are_for_https_and_this_host_alone_where_the_portal_is_reached_by_https()
    {
        await using var portal = await PortalServer.StartAsync(postgres, "--Portal:PublicAddress=https://cloud.example.com", "--Portal:TrustsProxy=true");
        using var http = new HttpClient { BaseAddress = portal.Address, DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" } } };

        using var page = await http.GetAsync("/sign-in");

        page.Headers.GetValues("Set-Cookie").Single().ShouldSatisfyAllConditions(
            cookie => cookie.ShouldStartWith("__Host-"),
            cookie => cookie.ShouldContain("secure"),
            cookie => cookie.ShouldContain("httponly"));
    }

    [Fact]
    public async Task Too_many_sign_ins_from_one_address_are_refused_for_a_while()
    {
        await using var portal = await PortalServer.StartAsync(postgres, "--Portal:SignInsPerMinuteMax=2");
        using var visitor = portal.Open();
        await visitor.SignInAsync("eve@example.com", "guess number 1");
        await visitor.SignInAsync("eve@example.com", "guess number 2");
        visitor.LastResponse.StatusCode.ShouldBe(HttpStatusCode.OK);

        await visitor.SignInAsync("eve@example.com", "guess number 3");

        visitor.LastResponse.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        visitor.Text.ShouldContain("Too many tries");
    }

    [Fact]
    public async Task When_the_service_is_away_a_page_says_so_and_how_to_go_on()
    {
        await using var portal = await PortalServer.StartAsync(postgres, "--Api:BaseAddress=http://127.0.0.1:1");
        using var visitor = portal.Open();

        await visitor.GoAsync("/");

        visitor.LastResponse.StatusCode.ShouldBe(HttpStatusCode.OK);
        visitor.Text.ShouldContain("The service does not answer");
        visitor.Text.ShouldContain("Try again");
    }
}
