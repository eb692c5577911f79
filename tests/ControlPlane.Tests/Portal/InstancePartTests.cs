using Bunit;
using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Pages.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Portal;

public sealed class InstancePartTests : BunitContext
{
    static readonly DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public InstancePartTests() => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(now));

    static StatsResponse Stats(DateTimeOffset? firstJobAt) => new(null, [], firstJobAt, new StatsLimits(50, 1, 1));

    static OperationResource Provisioning(string step) => new("op_1", "instance.provision", "ins_1", "running", step, 1, null, now, now, null);

    [Fact]
    public void It_waits_for_the_first_job() => Render<FirstJob>(p => p.Add(f => f.Stats, Stats(null))).Find(".first-job").ClassList.ShouldContain("waiting");

    [Fact]
    public void It_turns_green_when_the_first_job_has_arrived()
    {
        var lamp = Render<FirstJob>(p => p.Add(f => f.Stats, Stats(now.AddMinutes(-1))));

        lamp.Find(".first-job").ClassList.ShouldContain("arrived");
        lamp.Find("[role=status]").TextContent.ShouldContain("Your first job has arrived");
    }

    [Fact]
    public void A_first_job_of_long_ago_is_no_news() => Render<FirstJob>(p => p.Add(f => f.Stats, Stats(now.AddDays(-1)))).Markup.Trim().ShouldBeEmpty();

    [Fact]
    public void Progress_shows_what_is_done_what_is_under_way_and_what_is_to_come()
    {
        var steps = Render<OperationProgress>(p => p.Add(o => o.Operation, Provisioning("start"))).FindAll("li");

        steps.Select(step => step.ClassName ?? "").ShouldBe(["done", "done", "current", ""]);
    }

    [Fact]
    public void A_step_that_is_not_known_is_shown_by_its_own_word() =>
        Render<OperationProgress>(p => p.Add(o => o.Operation, Provisioning("place_certificate"))).Find("li.current").TextContent.ShouldBe("Place certificate…");

    [Theory]
    [InlineData("running", "healthy", "good", "Running")]
    [InlineData("running", "unhealthy", "warn", "Not answering")]
    [InlineData("provisioning", "unknown", "busy", "Provisioning")]
    [InlineData("failed", "unknown", "bad", "Failed")]
    public void A_state_has_a_word_and_a_tone(string state, string health, string tone, string word)
    {
        var badge = Render<StateBadge>(p => p.Add(b => b.State, state).Add(b => b.Health, health)).Find(".state");

        badge.ClassList.ShouldContain(tone);
        badge.TextContent.ShouldBe(word);
    }
}
