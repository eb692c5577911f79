using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ControlPlane.Client;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Dialects;

public sealed class IntegrationTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_reseller_lets_a_platform_plug_in_and_sees_its_secrets_once()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        var staff = world.Reseller.Staff.Client;

        var made = await staff.AddIntegrationAsync(new AddIntegrationRequest("heroku", "Faktory", "faktory-two", Settings: new IntegrationSettings(new Dictionary<string, string> { ["hobby"] = "free" }, WaitSeconds: 30), Secrets: new IntegrationSecrets("from-heroku")));
        var shown = await staff.GetIntegrationAsync(made.Details.Integration.Id);
        var renewed = await staff.RotateIntegrationAsync(made.Details.Integration.Id);

        made.Manifest!.Value.GetProperty("api").GetProperty("password").GetString().ShouldBe(made.Password);
        made.Manifest.Value.GetProperty("api").GetProperty("production").GetProperty("sso_url").GetString().ShouldBe(made.Details.Addresses["sso_url"]);
        shown.Manifest!.Value.GetProperty("api").TryGetProperty("password", out _).ShouldBeFalse();
        (shown.Settings.WaitSeconds, shown.Settings.Plans!["hobby"]).ShouldBe((30, "free"));
        renewed.Password.ShouldNotBe(made.Password);
        await TryAsync(made.Password!, 401);
        await TryAsync(renewed.Password!, 200);
        var row = await world.ReadAsync(db => db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.Key == "faktory-two"));
        foreach (var secret in (string[])[made.Password!, made.SsoSalt!, renewed.Password!, "from-heroku"])
            $"{row.SealedSecrets} {row.Settings}".ShouldNotContain(secret);
        (await staff.DisableIntegrationAsync(made.Details.Integration.Id)).DisabledAt.ShouldNotBeNull();
        await TryAsync(renewed.Password!, 401);

        async Task TryAsync(string password, int status)
        {
            using var http = new HttpClient { BaseAddress = world.Http.BaseAddress, DefaultRequestHeaders = { Authorization = DialectWorld.Basic("faktory-two", password) } };
            using var response = await http.PostAsJsonAsync("heroku/resources", new { uuid = Guid.NewGuid(), plan = "hobby" });
            await response.ShouldBeAsync(status);
        }
    }

    [Fact]
    public async Task An_integration_that_cannot_be_is_refused()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, isPlayed: false);
        var (staff, other) = (world.Reseller.Staff.Client, (await world.Server.SignUpAsync()).Client);

        await staff.AddIntegrationAsync(new AddIntegrationRequest("heroku", "Faktory", DialectWorld.Key)).ShouldBeRefusedAsync("integration_key_taken");
        await staff.AddIntegrationAsync(new AddIntegrationRequest("native", "Faktory", "key")).ShouldBeRefusedAsync("invalid_dialect");
        await staff.AddIntegrationAsync(new AddIntegrationRequest("heroku", "Faktory", "key", Settings: new IntegrationSettings(ApiAddress: new Uri("ftp://example.com")))).ShouldBeRefusedAsync("invalid_platform_address");
        await staff.GetIntegrationAsync("itg_00000000000000000000000000").ShouldBeRefusedAsync("integration_not_found");
        await other.GetIntegrationAsync(world.Integration.Id.ToString()).ShouldBeRefusedAsync("not_a_reseller");
    }

    [Theory]
    [InlineData("heroku")]
    [InlineData("digital_ocean")]
    [InlineData("clever_cloud")]
    [InlineData("open_service_broker")]
    [InlineData("fly")]
    [InlineData("vercel")]
    public async Task A_certification_goes_through_the_whole_protocol_and_leaves_a_report(string dialect)
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.AddonsIo, new PlatformSettings());
        var staff = world.Reseller.Staff;
        var id = (await staff.Client.AddIntegrationAsync(new AddIntegrationRequest(dialect, "Faktory", "certified", IsSandbox: true))).Details.Integration.Id;

        var report = await staff.Client.CertifyIntegrationAsync(id);

        report.Steps.Where(s => !s.Passed).Select(s => $"{s.Name}: {s.Status} {s.Answer}").ShouldBeEmpty();
        report.Passed.ShouldBeTrue();
        report.Steps.Count.ShouldBeGreaterThanOrEqualTo(8);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/reseller/integrations/{id}/certification") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using var page = await staff.Http.SendAsync(request);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("Passed");
        (await world.ReadAsync(db => db.ResellerIntegrations.CountAsync(i => i.Key.StartsWith("certify-") && i.DisabledAt == null))).ShouldBe(0);
        (await world.ReadAsync(db => db.ManagedResources.CountAsync(r => r.EndedAt == null))).ShouldBe(0);
    }
}
