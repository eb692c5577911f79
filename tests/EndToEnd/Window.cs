using System.Text.Json;

namespace EndToEnd;

/// <summary>A page in a window: photographed, checked for accessibility, and watched for what goes wrong in it.</summary>
sealed class Window : IAsyncDisposable
{
    const int ContentCharsMax = 10_000;

    static readonly string axe = File.ReadAllText(Path.Combine(Built.NodeFolder, "node_modules", "axe-core", "axe.min.js"));

    readonly Look look;
    readonly List<string> errors = [];
    readonly Log console = new("the page's console");

    internal Window(IPage page, Look look)
    {
        (Page, this.look) = (page, look);
        page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            console.Hear($"{message.Type}: {message.Text}");
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                errors.Add($"{page.Url}: {message.Text}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 500)
                errors.Add($"{response.Url}: {response.Status}");
        };
    }

    internal IPage Page { get; }

    /// <summary>Scripts that failed, what the content security policy refused, and answers of 500 and above.</summary>
    internal IReadOnlyList<string> Errors => errors;

    /// <summary>Takes a picture of the whole page into artifacts/screenshots, and expects no serious violation of the rules of axe and no sideways scrolling.</summary>
    internal async Task CheckAsync(string name)
    {
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Built.Artifacts, "screenshots", $"{name}-{look.Name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{name} scrolls sideways");
        (await ViolationsAsync()).ShouldBeEmpty($"{name} ({look.Name})");
    }

    async Task<List<string>> ViolationsAsync()
    {
        await Page.EvaluateAsync(axe);
        var result = await Page.EvaluateAsync<JsonElement>("axe.run(document)");
        return
        [
            .. from violation in result.GetProperty("violations").EnumerateArray()
               where violation.GetProperty("impact").GetString() is "serious" or "critical"
               from node in violation.GetProperty("nodes").EnumerateArray()
               select $"{violation.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()} {node.GetProperty("failureSummary").GetString()}"
        ];
    }

    public async ValueTask DisposeAsync()
    {
        Evidence.Keep($"-- the window was at {Page.Url}\n{await ContentAsync()}\n{console.End}");
        await Page.Context.DisposeAsync();
    }

    async Task<string> ContentAsync()
    {
        try
        {
            var content = await Page.EvaluateAsync<string>("(document.querySelector('main') ?? document.documentElement).outerHTML");
            return content.Length <= ContentCharsMax ? content : $"{content[..ContentCharsMax]}… ({content.Length} characters)";
        }
        catch (PlaywrightException gone)
        {
            return gone.Message;
        }
    }
}
