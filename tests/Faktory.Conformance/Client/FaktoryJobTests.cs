using System.Text;
using System.Text.Json;
using Faktory.Client;

namespace Faktory.Conformance.Client;

public sealed class FaktoryJobTests
{
    [Fact]
    public void New_job_has_an_id_of_its_own_and_the_default_queue()
    {
        var job = FaktoryJob.Create("Mail", 42, "ada", true, null, 1.5);

        job.Jid.Length.ShouldBe(24);
        job.Jid.ShouldNotBe(FaktoryJob.Create("Mail").Jid);
        job.Queue.ShouldBe("default");
        job.Args.GetRawText().ShouldBe("""[42,"ada",true,null,1.5]""");
    }

    [Fact]
    public void Pushed_job_carries_what_was_set_and_nothing_else()
    {
        Pushed(FaktoryJob.Create("Mail") with { Jid = "12345678" }).ShouldBe("""{"jid":"12345678","jobtype":"Mail","queue":"default","args":[]}""");
        Pushed(FaktoryJob.Create("Mail", "<&>é") with
        {
            Jid = "12345678",
            Queue = "mail",
            Retry = -1,
            ReserveFor = TimeSpan.FromMinutes(2),
            At = new DateTimeOffset(2030, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
            BacktraceLines = 5,
            Custom = JsonElement.Parse("""{"unique_for":60}"""),
        }).ShouldBe("""{"jid":"12345678","jobtype":"Mail","queue":"mail","args":["<&>é"],"retry":-1,"reserve_for":120,"at":"2030-01-01T00:00:00+00:00","backtrace":5,"custom":{"unique_for":60}}""");
    }

    [Theory]
    [InlineData("[12345678901234567890,1.0,1e3,9007199254740993]")]
    [InlineData("""[{"b":1,"a":2,"b":3}," ","\u00e9"]""")]
    public void Arguments_are_sent_byte_for_byte(string args)
    {
        var job = FaktoryJob.Create("Mail") with { Args = JsonElement.Parse(args) };

        Pushed(job).ShouldContain("\"args\":" + args);
    }

    [Fact]
    public void Line_breaks_between_tokens_cannot_split_the_command()
    {
        var job = FaktoryJob.Create("Mail") with { Args = JsonElement.Parse("[\r\n  1,\n  \"a\\nb\"\n]"), Custom = JsonElement.Parse("{\n}") };

        var line = Encoding.UTF8.GetString(FaktoryCommands.Push(job).Line.Span);

        line.IndexOf('\n', StringComparison.Ordinal).ShouldBe(line.Length - 1);
        JsonElement.Parse(line["PUSH ".Length..]).GetProperty("args")[1].GetString().ShouldBe("a\nb");
    }

    [Fact]
    public void Custom_entries_are_added_and_replaced_one_by_one()
    {
        var job = FaktoryJob.Create("Mail").WithCustom("track", 1).WithCustom("locale", "é").WithCustom("track", 2);

        job.Custom?.GetRawText().ShouldBe("""{"locale":"é","track":2}""");
    }

    [Fact]
    public void Arguments_that_are_no_array_are_refused() =>
        Should.Throw<ArgumentException>(() => FaktoryCommands.Push(FaktoryJob.Create("Mail") with { Args = JsonElement.Parse("{}") }));

    [Fact]
    public void Fetched_job_is_read_with_its_failure()
    {
        var job = JobJson.Read(JsonElement.Parse("""
            {"retry":3,"failure":{"failed_at":"2030-01-01T00:00:00.123456789Z","next_at":"2030-01-01T00:01:00Z","message":"boom","errtype":"Oops","backtrace":["a","b"],"retry_count":1,"remaining":2},
             "custom":{"x":1},"jid":"12345678","queue":"mail","jobtype":"Mail","created_at":"yesterday","enqueued_at":"2030-01-01T00:00:00Z","args":[1],"reserve_for":90,"backtrace":7}
            """));

        job.ShouldSatisfyAllConditions(
            () => job.Retry.ShouldBe(3),
            () => job.ReserveFor.ShouldBe(TimeSpan.FromSeconds(90)),
            () => job.CreatedAt.ShouldBeNull(),
            () => job.EnqueuedAt.ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            () => job.BacktraceLines.ShouldBe(7),
            () => job.Failure!.RetryCount.ShouldBe(1),
            () => job.Failure!.Remaining.ShouldBe(2),
            () => job.Failure!.Backtrace.ShouldBe(["a", "b"]),
            () => job.Failure!.FailedAt!.Value.Millisecond.ShouldBe(123));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nFLUSH")]
    [InlineData("")]
    [InlineData("a\0")]
    public void Queue_name_cannot_smuggle_in_a_command(string queue)
    {
        Should.Throw<ArgumentException>(() => FaktoryCommands.Fetch([queue]));
        Should.Throw<ArgumentException>(() => FaktoryCommands.PauseQueues(queue));
    }

    [Fact]
    public void Verbatim_command_is_one_line() => Should.Throw<ArgumentException>(() => FaktoryCommands.Verbatim("INFO\nFLUSH"));

    static string Pushed(FaktoryJob job) => Encoding.UTF8.GetString(FaktoryCommands.Push(job).Line.Span)["PUSH ".Length..^2];

    [Fact]
    public void Debounced_job_says_when_by_what_and_how_long()
    {
        var job = FaktoryJob.Create("Reindex").Debounced(TimeSpan.FromSeconds(1.5), "page 7", TimeSpan.FromMinutes(1));

        JsonSerializer.Serialize(job.Custom).ShouldBe("""{"debounce_for":1.5,"debounce_key":"page 7","debounce_max":60}""");
        Should.Throw<ArgumentOutOfRangeException>(() => FaktoryJob.Create("Reindex").Debounced(TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => FaktoryJob.Create("Reindex").Debounced(TimeSpan.FromSeconds(1), latest: TimeSpan.Zero));
    }
}
