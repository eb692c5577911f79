using System.Net;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Portal;

public sealed class InstancePageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_taken_name_is_refused_at_its_field_and_the_plan_stays_chosen()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await CreateAsync(visitor, "orders");

        await visitor.GoAsync("/instances/new");
        await visitor.SubmitAsync("Create instance", ("Form.Name", "orders"), ("Form.Plan", "pro"));

        visitor.Page.QuerySelector("#form-name-error")!.TextContent.ShouldContain("already has an instance named orders");
        visitor.Page.QuerySelector("input[name='Form.Plan'][checked]")!.GetAttribute("value").ShouldBe("pro");
    }

    [Fact]
    public async Task A_new_instance_shows_its_progress_and_then_its_address_and_snippets()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");
        visitor.Text.ShouldContain("Reserving an address");

        await portal.Api.ProvisionAsync(id);
        await visitor.GoAsync($"/instances/{id}");

        visitor.Page.QuerySelector("#faktory-url")!.TextContent.ShouldStartWith("tcp://:••••");
        visitor.Text.ShouldContain("Waiting for your first job…");
        visitor.Text.ShouldContain("from install to the first job");
    }

    [Fact]
    public async Task An_open_page_turns_green_when_the_first_job_arrives()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");
        await portal.Api.ProvisionAsync(id);

        await using var events = visitor.ListenAsync($"/live/instances/{id}/connect", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await UntilAsync(events, "Waiting for your first job");
        await portal.Api.ObserveAsync(id, instance => instance.FirstJobAt = portal.Api.Clock.GetUtcNow());

        await UntilAsync(events, "Your first job has arrived");
    }

    [Fact]
    public async Task An_open_page_is_fetched_anew_when_the_instance_comes_up()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");

        await using var events = visitor.ListenAsync($"/live/instances/{id}/overview", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await UntilAsync(events, "Reserving an address");
        await portal.Api.ProvisionAsync(id);

        await UntilAsync(events, "refresh");
    }

    [Fact]
    public async Task A_page_whose_instance_came_up_before_its_stream_was_open_is_fetched_anew()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");
        var rendered = LiveSource(visitor);
        await portal.Api.ProvisionAsync(id);

        await using (var late = visitor.ListenAsync(rendered, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
            await UntilAsync(late, "refresh");

        await visitor.GoAsync($"/instances/{id}");
        await using var current = visitor.ListenAsync(LiveSource(visitor), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await UntilAsync(current, "Waiting for your first job");
    }

    [Fact]
    public async Task Deleting_wants_the_name_and_can_be_undone()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");
        await portal.Api.ProvisionAsync(id);
        await visitor.GoAsync($"/instances/{id}/settings");
        visitor.Text.ShouldContain("kept for 14 days");

        await visitor.SubmitAsync("Delete this instance", ("Delete.Name", "order"));
        visitor.Page.QuerySelector("#delete-name-error")!.TextContent.ShouldBe("Type orders to delete it.");
        await visitor.SubmitAsync("Delete this instance", ("Delete.Name", "orders"));
        visitor.Text.ShouldContain("orders is deleted.");
        await portal.Api.ObserveAsync(id, instance =>
        {
            instance.MarkDeleting();
            instance.MarkDeleted();
        });
        await portal.Api.FinishOperationsAsync(id);
        await visitor.GoAsync("/instances?deleted=true");
        await visitor.SubmitAsync("Undo");

        visitor.Path.ShouldBe($"/instances/{id}");
    }

    [Fact]
    public async Task Somebody_elses_instance_is_not_there()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var ada = portal.Open();
        await ada.SignUpAsync("ada@example.com");
        var id = await CreateAsync(ada, "orders");
        using var eve = portal.Open();
        await eve.SignUpAsync("eve@example.com");

        await eve.GoAsync($"/instances/{id}");

        eve.LastResponse.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        eve.Text.ShouldContain("There is nothing at this address");
        eve.Text.ShouldNotContain("orders");
    }

    [Fact]
    public async Task A_policy_that_the_plan_does_not_allow_is_refused_at_its_field()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        var id = await CreateAsync(visitor, "orders");
        await portal.Api.ProvisionAsync(id);
        await visitor.GoAsync($"/instances/{id}/backups");

        await visitor.SubmitAsync("Save the policy", ("Policy.Schedule", "minutes"), ("Policy.EveryMinutes", "10"), ("Policy.Keep", "2"));

        visitor.Page.QuerySelector("#policy-everyminutes-error")!.TextContent.ShouldContain("1440 minutes at most");
        visitor.Page.QuerySelector("#policy-everyminutes")!.GetAttribute("value").ShouldBe("10");
    }

    static async Task<string> CreateAsync(PortalVisitor visitor, string name)
    {
        await visitor.GoAsync("/instances/new");
        await visitor.SubmitAsync("Create instance", ("Form.Name", name), ("Form.Plan", "free"));
        visitor.Path.ShouldStartWith("/instances/ins_", Case.Sensitive, visitor.Text);
        return visitor.Path.Split('/')[^1];
    }

    static string LiveSource(PortalVisitor visitor) => visitor.Page.QuerySelector("live-source")!.GetAttribute("src")!;

    static async Task UntilAsync(IAsyncEnumerator<string> events, string text)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Contains(text, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"the stream ended without '{text}'");
    }
}
