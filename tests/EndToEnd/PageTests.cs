namespace EndToEnd;

/// <summary>Each page in each look: photographed, no serious violation of accessibility, nothing refused by the content security policy.</summary>
public sealed class PageTests(Product product, Browsers browsers)
{
    static readonly string[] publicPages = ["", "sign-in", "sign-up", "forgot-password", "reset-password?email=a@example.com&token=x", "not-here"];

    static readonly string[] pages =
    [
        "instances", "instances?deleted=true", "instances/new", "activity", "alerts", "tokens", "members", "audit", "account",
        "instances/{id}", "instances/{id}/connect", "instances/{id}/connect?language=dotnet", "instances/{id}/backups", "instances/{id}/activity", "instances/{id}/settings",
    ];

    static readonly string[] operatorPages = ["operator", "operator/alerts", "operator/operations", "operator/mails"];

    [Fact]
    public async Task Pages_for_visitors_are_sound()
    {
        foreach (var look in Look.All)
        {
            await using var window = await browsers.OpenAsync(look, product.Portal);
            await VisitAsync(window, publicPages, "");
        }
    }

    [Fact]
    public async Task Pages_for_customers_are_sound()
    {
        string instance;
        await using (var window = await browsers.OpenAsync(Look.Light, product.Portal))
        {
            await window.Page.SignUpAsync("grace@example.com");
            await window.CheckAsync("instances-empty");
            instance = await window.Page.CreateInstanceAsync("brisk-lathe-42");
        }
        foreach (var look in Look.All)
        {
            await using var window = await browsers.OpenAsync(look, product.Portal);
            await window.Page.SignInAsync("grace@example.com");
            await VisitAsync(window, pages, instance);
        }
    }

    [Fact]
    public async Task Pages_for_the_operator_are_sound()
    {
        await using (var window = await browsers.OpenAsync(Look.Light, product.Portal))
        {
            await window.Page.GotoAsync(product.OperatorLink.ToString());
            await window.CheckAsync("operator-claim");
            await window.Page.GetByLabel("E-mail address").FillAsync("operator@example.com");
            await window.Page.GetByLabel("Password").FillAsync(Visitor.Password);
            await window.Page.GetByRole(AriaRole.Button, new() { Name = "Create the operator's account" }).ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Newest instances" })).ToBeVisibleAsync();
        }
        foreach (var look in Look.All)
        {
            await using var window = await browsers.OpenAsync(look, product.Portal);
            await window.Page.SignInAsync("operator@example.com");
            await VisitAsync(window, operatorPages, "");
        }
    }

    static async Task VisitAsync(Window window, string[] paths, string instance)
    {
        foreach (var path in paths)
        {
            await window.Page.GotoAsync(path.Replace("{id}", instance, StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Load });
            await window.CheckAsync(NameOf(path));
        }
        window.Errors.ShouldBeEmpty();
    }

    static string NameOf(string path) => path.Length == 0 ? "home" : string.Concat(path.Replace("{id}", "id", StringComparison.Ordinal).Split('&')[0].Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
