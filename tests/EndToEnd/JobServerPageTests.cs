namespace EndToEnd;

/// <summary>The web UI of the job server in a browser: each page in each look, and what people do there.</summary>
public sealed class JobServerPageTests(Browsers browsers)
{
    static readonly string[] pages = ["", "?days=180", "busy", "queues", "queues/default", "retries", "retries?error=timeout", "scheduled", "morgue", "batches", "cron", "throttles", "enqueue", "debug", "not-here"];

    [Fact]
    public async Task Pages_of_the_job_server_are_sound()
    {
        await using var server = await JobServer.StartAsync();
        foreach (var look in Look.All)
        {
            await using var window = await browsers.OpenAsync(look, server.Web);
            foreach (var path in pages)
            {
                await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
                await window.CheckAsync("server-" + (path.Length == 0 ? "dashboard" : string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))));
            }
            await window.Page.GotoAsync("morgue");
            await window.Page.Locator("tbody a").First.ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Backtrace" })).ToBeVisibleAsync();
            await window.CheckAsync("server-job");
            window.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Live_numbers_follow_without_a_reload()
    {
        await using var server = await JobServer.StartAsync();
        await using var window = await browsers.OpenAsync(Look.Light, server.Web);
        var page = window.Page;
        await page.GotoAsync("");
        await Expect(page.Locator("[data-live=processed]")).ToHaveTextAsync("609");
        await Expect(page.Locator("#rate-processed")).ToHaveTextAsync("0.0");
        (await page.Locator("#live polyline.ok").GetAttributeAsync("points")).ShouldNotBeNullOrEmpty();
        window.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_are_found_selected_and_retried_by_keyboard()
    {
        await using var server = await JobServer.StartAsync();
        await using var window = await browsers.OpenAsync(Look.Dark, server.Web);
        var page = window.Page;
        await page.GotoAsync("morgue");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await page.GetByLabel("Error").FillAsync("Couldn't find");
        await page.GetByLabel("Error").PressAsync("Enter");
        var shown = await page.Locator("tbody tr").CountAsync();
        shown.ShouldBeInRange(1, 49);
        await page.GetByLabel("Select all on this page").PressAsync("Space");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry now" }).First.PressAsync("Enter");
        await Expect(page.Locator(".outcome")).ToHaveTextAsync($"{shown} jobs put into their queues.");
        await window.CheckAsync("server-outcome");
        await page.GetByLabel("Language").SelectOptionAsync("ar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).PressAsync("Enter");
        (await page.Locator("html").GetAttributeAsync("dir")).ShouldBe("rtl");
        await page.GotoAsync("retries");
        await window.CheckAsync("server-arabic");
        window.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_is_enqueued_by_keyboard_and_what_is_wrong_with_it_is_told_without_losing_a_word()
    {
        await using var server = await JobServer.StartAsync();
        foreach (var look in Look.All)
        {
            await using var window = await browsers.OpenAsync(look, server.Web);
            var page = window.Page;
            await page.GotoAsync("queues/mailers");
            await page.GetByRole(AriaRole.Link, new() { Name = "Enqueue a job" }).PressAsync("Enter");
            await Expect(page.GetByLabel("Queue", new() { Exact = true })).ToHaveValueAsync("mailers");
            await page.GetByLabel("Job", new() { Exact = true }).FillAsync("WelcomeMail");
            await page.GetByLabel("Arguments").FillAsync("[42, {\"name\": \"ada\"}");
            await page.GetByLabel("custom").FillAsync("{\"track\": 1}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Enqueue a job" }).PressAsync("Enter");

            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("args: invalid JSON");
            await Expect(page.GetByLabel("custom")).ToHaveValueAsync("{\"track\": 1}");
            await window.CheckAsync("server-enqueue-refused");
            await page.GetByLabel("Arguments").FillAsync("[42,\n {\"name\": \"ada\"}]");
            await page.GetByLabel("Due").FillAsync("2099-01-02T03:04:05Z");
            await page.GetByRole(AriaRole.Button, new() { Name = "Enqueue a job" }).PressAsync("Enter");

            await Expect(page.Locator(".outcome")).ToHaveTextAsync("1 jobs scheduled.");
            window.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_running_job_and_a_scheduled_one_are_cancelled_once_that_is_confirmed()
    {
        await using var server = await JobServer.StartAsync();
        await using var window = await browsers.OpenAsync(Look.Dark, server.Web);
        var page = window.Page;
        await page.GotoAsync("busy");
        var cancel = page.Locator("tbody details.confirm").First;
        await cancel.Locator("summary").PressAsync("Enter");
        await Expect(cancel).ToContainTextAsync("It is over for the server at once");
        await window.CheckAsync("server-cancel");
        var running = await page.Locator("tbody details.confirm").CountAsync();
        await cancel.GetByRole(AriaRole.Button).PressAsync("Enter");
        await Expect(page.Locator(".outcome")).ToHaveTextAsync("1 jobs cancelled.");
        await Expect(page.Locator("tbody details.confirm")).ToHaveCountAsync(running - 1);

        await page.GotoAsync("scheduled");
        await page.Locator("tbody a").First.ClickAsync();
        await page.Locator("details.confirm summary").ClickAsync();
        await window.CheckAsync("server-job-cancel");
        await page.Locator("details.confirm").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".outcome")).ToHaveTextAsync("1 jobs cancelled.");
        window.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fifty_thousand_dead_jobs_are_put_into_their_queue_by_filter_while_the_page_shows_how_far_it_is()
    {
        const int Found = 50_000;
        await using var server = await JobServer.StartWithDeadAsync(("ResizeImage", Found), ("WelcomeMail", 10));
        await using var window = await browsers.OpenAsync(Look.Light, server.Web);
        var page = window.Page;
        await page.GotoAsync("morgue?type=ResizeImage");
        await page.GetByText("Do something to all that match").ClickAsync();
        await page.Locator("details.bulk").GetByRole(AriaRole.Button, new() { Name = "Retry now" }).ClickAsync();

        await Expect(page.Locator(".outcome:has(progress)")).ToContainTextAsync(" of 50,010 looked at");

        // The page loads itself again until it is over.
        await Expect(page.Locator(".outcome")).ToHaveTextAsync("50,000 jobs put into their queues.");
        await Expect(page.Locator(".outcome progress")).ToHaveCountAsync(0);
        await page.GotoAsync("queues");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "ResizeImage" })).ToContainTextAsync("50,000");
        await page.GotoAsync("morgue");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(10);
        window.Errors.ShouldBeEmpty();
    }
}
