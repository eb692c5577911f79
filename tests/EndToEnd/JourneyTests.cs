namespace EndToEnd;

public sealed class JourneyTests(Product product, Browsers browsers)
{
    [Fact]
    public async Task From_sign_up_to_the_first_job_and_back_from_a_deletion()
    {
        await using var window = await browsers.OpenAsync(Look.Light, product.Portal);
        var page = window.Page;
        await page.SignUpAsync("ada@example.com");
        var instance = await page.CreateInstanceAsync("billing-jobs");

        await page.GetByRole(AriaRole.Link, new() { Name = "Node.js" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Node.js, from install to the first job" })).ToBeVisibleAsync();
        await window.CheckAsync("journey-1-waiting");
        using var folder = await SnippetFolder.CopyAsync(page);
        await page.EvaluateAsync("window.isStillTheSamePage = true");
        (await folder.PushAsync()).ShouldBe(0, folder.Output);

        await Expect(page.GetByText("Your first job has arrived")).ToBeVisibleAsync();
        (await page.EvaluateAsync<bool>("window.isStillTheSamePage")).ShouldBeTrue("it has to turn green without a reload");
        await window.CheckAsync("journey-2-arrived");
        await using (folder.StartWorker())
            await Expect(page.GetByText("1 job processed so far.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "See the numbers" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queued jobs" })).ToBeVisibleAsync();
        await window.CheckAsync("journey-3-numbers");

        await BackUpAsync(page);
        await window.CheckAsync("journey-4-backup");
        await DeleteAndUndoAsync(window);
        await page.GotoAsync($"instances/{instance}");
        await Expect(page.GetByText("Running", new() { Exact = true })).ToBeVisibleAsync();
        window.Errors.ShouldBeEmpty();
    }

    static async Task BackUpAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Instance" }).GetByRole(AriaRole.Link, new() { Name = "Backups" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Back up now" }).ClickAsync();
        await Expect(page.GetByText("Succeeded", new() { Exact = true })).ToBeVisibleAsync();
    }

    static async Task DeleteAndUndoAsync(Window window)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Instance" }).GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Type billing-jobs to confirm").FillAsync("something else");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete this instance" }).ClickAsync();
        await Expect(page.GetByText("Type billing-jobs to delete it.")).ToBeVisibleAsync();
        await page.GetByLabel("Type billing-jobs to confirm").FillAsync("billing-jobs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete this instance" }).ClickAsync();

        await Expect(page.GetByText("is deleted. Its jobs and its password are kept until")).ToBeVisibleAsync();
        await window.CheckAsync("journey-5-deleted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "billing-jobs" })).ToBeVisibleAsync();
    }
}
