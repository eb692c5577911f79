using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Ui.Brands;

namespace Faktory.Server.Tests.Ui;

public sealed class BrandTests
{
    const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    const string Passwords = "\"passwords\":[{\"value\":\"" + AdminServer.Password + "\"}]";

    [Fact]
    public async Task A_brand_is_shown_at_once_survives_a_restart_and_goes_again()
    {
        await using var admin = await AdminServer.StartAsync(options => options with { WebBinding = "127.0.0.1:0" });
        (await ReadAsync(admin, "/")).Text.ShouldContain("<title>Dashboard · Faktory</title>");

        await PutAsync(admin, 4, $$"""{"name":"Queues & <Co>","color":"#0b7285","logo":"data:image/png;base64,{{Png}}"}""");
        await ShowsAsync();
        await admin.RestartAsync();
        await ShowsAsync();

        await PutAsync(admin, 5, "null");
        var plain = await ReadAsync(admin, "/");
        plain.Text.ShouldContain("<title>Dashboard · Faktory</title>");
        plain.Text.ShouldNotContain("brand.png");
        (await ReadAsync(admin, "/static/brand.png")).Answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task ShowsAsync()
        {
            var page = (await ReadAsync(admin, "/")).Text;
            page.ShouldContain("<title>Dashboard · Queues &amp; &lt;Co&gt;</title>");
            var (logo, _) = await ReadAsync(admin, Address(page, "/static/brand.png"));
            (logo.Content.Headers.ContentType!.MediaType, Convert.ToBase64String(await logo.Content.ReadAsByteArrayAsync())).ShouldBe(("image/png", Png));
            logo.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
            (await ReadAsync(admin, Address(page, "/static/brand.css"))).Text.ShouldContain("--accent: light-dark(#0b7285,");
            (await ReadAsync(admin, "/static/brand.css?v=older")).Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("""{"color":"#0b7285"}""", "brand.name")]
    [InlineData("""{"name":"a\nb"}""", "brand.name")]
    [InlineData("""{"name":"Acme","color":"red; } body { display: none"}""", "brand.color")]
    [InlineData("""{"name":"Acme","logo":"https://acme.example/logo.png"}""", "brand.logo")]
    [InlineData("""{"name":"Acme","logo":"data:image/png;base64,PHN2Zz4="}""", "brand.logo")]
    public async Task What_cannot_be_shown_is_refused_and_what_was_in_force_stays(string brand, string named)
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", $$"""{"generation":4,{{Passwords}},"brand":{{brand}}}""");
        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("detail").GetString()!.ShouldContain(named);
        (await admin.StatsAsync()).GetProperty("generation").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_name_has_60_characters_and_a_logo_64_kB_and_no_more()
    {
        await using var admin = await AdminServer.StartAsync();
        await PutAsync(admin, 4, Brand(60, 64 * 1024));
        (await admin.PutAsync("/admin/config", $$"""{"generation":5,{{Passwords}},"brand":{{Brand(61, 100)}}}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await admin.PutAsync("/admin/config", $$"""{"generation":5,{{Passwords}},"brand":{{Brand(60, 64 * 1024 + 1)}}}""")).Status.ShouldBe(HttpStatusCode.BadRequest);

        static string Brand(int nameLength, int logoBytes)
        {
            var logo = new byte[logoBytes];
            Convert.FromBase64String(Png).CopyTo(logo, 0);
            return $$"""{"name":"{{new string('n', nameLength)}}","logo":"data:image/png;base64,{{Convert.ToBase64String(logo)}}"}""";
        }
    }

    [Theory]
    [InlineData("#000000")]
    [InlineData("#ffffff")]
    [InlineData("#ffff00")]
    [InlineData("#0b7285")]
    [InlineData("#ff0000")]
    [InlineData("#808080")]
    [InlineData("#1a1aff")]
    public void Whatever_the_colour_text_can_be_read_in_both_themes(string color)
    {
        var css = BrandColors.Write(color);
        foreach (var dark in (bool[])[false, true])
        {
            var (accent, soft, on) = (Pick(css, "accent", dark), Pick(css, "accent-soft", dark), Pick(css, "on-accent", dark));
            foreach (var (text, ground) in ((string, string)[])[(accent, soft), (accent, dark ? "#1a2326" : "#f4f6f6"), (on, accent)])
                BrandColors.Contrast(text, ground).ShouldBeGreaterThanOrEqualTo(4.5, $"{text} on {ground} of {color}");
        }
    }

    static string Pick(string css, string name, bool dark)
    {
        var match = Regex.Match(css, $@"--{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\);");
        return match.Groups[dark ? 2 : 1].Value;
    }

    static string Address(string page, string path) => Regex.Match(page, $"\"({path}[^\"]*)\"").Groups[1].Value;

    static async Task PutAsync(AdminServer admin, int generation, string brand)
    {
        var (status, body) = await admin.PutAsync("/admin/config", $$"""{"generation":{{generation}},{{Passwords}},"brand":{{brand}}}""");
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
    }

    static async Task<(HttpResponseMessage Answer, string Text)> ReadAsync(AdminServer admin, string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{admin.Server.Host.WebEndpoint}"), Timeout = Patience.Limit };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{AdminServer.Password}")));
        var answer = await http.GetAsync(path);
        return (answer, await answer.Content.ReadAsStringAsync());
    }
}
