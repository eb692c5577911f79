using EndToEnd;

[assembly: AssemblyFixture(typeof(Browsers))]

namespace EndToEnd;

/// <summary>One Chromium for the run; each test opens windows of its own.</summary>
public sealed class Browsers : IAsyncLifetime
{
    static readonly string[] arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    IPlaywright? playwright;
    IBrowser? browser;

    static string? Chromium => Environment.GetEnvironmentVariable("CHROMIUM")
        ?? new[] { "/usr/bin/chromium", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        // The machine may be busy with other tests.
        SetDefaultExpectTimeout(60_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = arguments });
    }

    /// <summary>A window in one of <see cref="Look.All"/>, which may use the clipboard. Skips the test where there is no browser.</summary>
    internal async Task<Window> OpenAsync(Look look, Uri portal)
    {
        Assert.SkipWhen(browser is null, "There is no Chromium on this machine.");
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = portal.ToString(),
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(60_000);
        return new Window(await context.NewPageAsync(), look);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>A size and a theme in which people see the portal.</summary>
sealed record Look(string Name, int Width, int Height, bool IsDark)
{
    internal static readonly Look Light = new("light", 1280, 860, false);
    internal static readonly Look Dark = new("dark", 1280, 860, true);
    internal static readonly Look Phone = new("phone", 390, 844, false);

    internal static IReadOnlyList<Look> All { get; } = [Light, Dark, Phone];
}
