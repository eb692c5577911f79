using System.Net;
using System.Text;
using System.Text.Json;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Ui;

/// <summary>Who is let in, from where, and under which address.</summary>
public sealed class AccessTests
{
    static readonly PasswordPolicy Secret = new([new Password("secret")]);

    [Theory]
    [InlineData(null, "Authorization required")]
    [InlineData("Basic YTpzZWNyZXR4", "Authorization failed")]
    [InlineData("Basic !!", "Authorization failed")]
    [InlineData("Basic c2VjcmV0", "Authorization failed")]
    [InlineData("Bearer secret", "Authorization failed")]
    public async Task Pages_want_the_password(string? header, string answer)
    {
        await using var ui = await UiServer.StartAsync(o => o with { Passwords = Secret });
        using var response = await ui.SendAsync(HttpMethod.Get, "/", header is null ? [] : [("Authorization", header)]);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic realm=\"Faktory\"");
        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anybody")]
    public async Task The_password_opens_whoever_brings_it(string user)
    {
        await using var ui = await UiServer.StartAsync(o => o with { Passwords = Secret });
        await ui.GetAsync("/", Basic(user, "secret"));
    }

    [Fact]
    public async Task A_password_of_its_own_takes_the_place_of_the_servers()
    {
        await using var ui = await UiServer.StartAsync(o => o with { Passwords = Secret, WebPasswords = new PasswordPolicy([new Password("for:people")]) });
        await ui.GetAsync("/", Basic("", "for:people"));
        using var response = await ui.SendAsync(HttpMethod.Get, "/", Basic("", "secret"));
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Health_and_style_are_open_and_stats_are_not()
    {
        await using var ui = await UiServer.StartAsync(o => o with { Passwords = Secret });
        var health = JsonElement.Parse(await ui.GetAsync("/health"));
        health.GetProperty("server").EnumerateObject().Select(p => p.Name).ShouldBe(["description", "faktory_version", "connections", "command_count"]);
        (await ui.GetAsync("/static/ui.css")).ShouldContain("--accent");
        using var stats = await ui.SendAsync(HttpMethod.Get, "/stats");
        stats.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Stats_are_what_INFO_answers()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await client.PushAsync("job-00001");
        var info = await client.InfoAsync();
        var stats = JsonElement.Parse(await ui.GetAsync("/stats"));

        stats.EnumerateObject().Select(p => p.Name).ShouldBe(info.EnumerateObject().Select(p => p.Name));
        stats.GetProperty("faktory").GetProperty("queues").GetProperty("default").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://jobs.example:81", false)]
    [InlineData("Origin", "http://jobs.example", true)]
    [InlineData("X-Nothing", "program", true)]
    public async Task Another_sites_forms_are_refused(string name, string value, bool isTaken)
    {
        await using var ui = await UiServer.StartAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("theme", "dark")]);
        using var response = await ui.SendAsync(HttpMethod.Post, "/preferences", form, ("Host", "jobs.example"), (name, value));
        response.StatusCode.ShouldBe(isTaken ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Pages_forbid_what_they_do_not_need()
    {
        await using var ui = await UiServer.StartAsync();
        foreach (var path in (string[])["/", "/nothing", "/stats", "/static/ui.js"])
        {
            using var response = await ui.SendAsync(HttpMethod.Get, path);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        }
    }

    [Theory]
    [InlineData("/tools/faktory", "/tools/faktory/retries")]
    [InlineData("/tools/faktory/", "/retries")]
    public async Task Under_a_path_of_a_proxy_every_address_begins_with_it(string mount, string path)
    {
        await using var ui = await UiServer.StartAsync();
        await ui.FailAsync("job-00001");

        var page = await ui.GetAsync(path, ("X-Script-Name", mount));

        var addresses = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|action|src|data-stats)=\"([^\"]*)\"").Select(m => m.Groups[1].Value).ToList();
        addresses.Count.ShouldBeGreaterThan(10);
        addresses.ShouldAllBe(a => a.StartsWith("/tools/faktory/") || a == "#main");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("theme", "dark"), KeyValuePair.Create("back", "/busy")]);
        using var response = await ui.SendAsync(HttpMethod.Post, "/preferences", form, ("X-Script-Name", mount));
        response.Headers.Location!.OriginalString.ShouldBe("/tools/faktory/busy");
        response.Headers.GetValues("Set-Cookie").ShouldAllBe(c => c.Contains("path=/tools/faktory;"));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\"><script>")]
    [InlineData("evil")]
    [InlineData("/a//b")]
    public async Task A_mount_point_that_is_no_path_counts_as_none(string mount)
    {
        await using var ui = await UiServer.StartAsync();
        (await ui.GetAsync("/busy", ("X-Script-Name", mount))).ShouldContain("<a href=\"/queues\"");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/a\r\nb")]
    [InlineData("")]
    public async Task Nobody_is_led_away(string back)
    {
        await using var ui = await UiServer.StartAsync();
        using var response = await ui.TryPostAsync("/preferences", ("back", back));
        response.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task Bounds_of_bodies_and_headers_hold()
    {
        await using var ui = await UiServer.StartAsync();
        using var large = await ui.TryPostAsync("/retries", ("key", new string('x', 300 << 10)));
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var many = await ui.TryPostAsync("/retries", [.. Enumerable.Range(0, 300).Select(i => ($"k{i}", "v"))]);
        many.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var headers = await ui.SendAsync(HttpMethod.Get, "/", ("X-Filler", new string('x', 20 << 10)));
        headers.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        using var json = await ui.SendAsync(HttpMethod.Post, "/retries", new StringContent("{}", Encoding.UTF8, "application/json"));
        json.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await ui.GetAsync("/");
    }

    [Fact]
    public async Task The_ui_and_the_admin_port_never_answer_for_each_other()
    {
        await using var ui = await UiServer.StartAsync(o => o with { AdminBinding = "127.0.0.1:0" });
        using var probe = await ui.SendAsync(HttpMethod.Get, "/healthz");
        probe.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var admin = new HttpClient { BaseAddress = new Uri($"http://{ui.Server.Host.AdminEndpoint}") };
        using var page = await admin.GetAsync("/health");
        page.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    static (string, string) Basic(string user, string password) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
