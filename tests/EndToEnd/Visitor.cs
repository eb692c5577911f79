namespace EndToEnd;

/// <summary>What a person does on the pages, in their words.</summary>
static class Visitor
{
    internal const string Password = "seven quiet turbines";

    internal static async Task SignUpAsync(this IPage page, string email)
    {
        await page.GotoAsync("sign-up");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByLabel("Organization").FillAsync("Analytical Engines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No instance yet" })).ToBeVisibleAsync();
    }

    internal static async Task SignInAsync(this IPage page, string email)
    {
        await page.GotoAsync("sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Instances", Exact = true })).ToBeVisibleAsync();
    }

    /// <returns>The instance's id, once its page shows that it runs.</returns>
    internal static async Task<string> CreateInstanceAsync(this IPage page, string name)
    {
        await page.GotoAsync("instances/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create instance" }).ClickAsync();
        await Expect(page.GetByText("Waiting for your first job…")).ToBeVisibleAsync();
        return new Uri(page.Url).Segments[^1].TrimEnd('/');
    }

    /// <summary>Presses the copy button that stands beside some code, and gives what is in the clipboard then.</summary>
    internal static async Task<string> CopyAsync(this IPage page, string step)
    {
        var block = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = step });
        await block.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Expect(block.Locator(".copy.done")).ToBeVisibleAsync();
        return await page.EvaluateAsync<string>("navigator.clipboard.readText()");
    }
}
