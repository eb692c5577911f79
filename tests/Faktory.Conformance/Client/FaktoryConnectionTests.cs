using Faktory.Client;
using Faktory.Conformance.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Conformance.Client;

/// <summary>What the client does when the other side is not a sound server.</summary>
public sealed class FaktoryConnectionTests
{
    [Fact]
    public async Task Nobody_listening_is_a_connection_exception()
    {
        var options = new ScriptedServer(line => line.KeepSilentAsync());
        var dead = options.Options();
        await options.DisposeAsync();

        (await Should.ThrowAsync<FaktoryConnectionException>(() => FaktoryConnection.OpenAsync(dead))).IsOutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task Silence_instead_of_a_greeting_is_a_timeout()
    {
        var clock = new FakeTimeProvider();
        await using var server = new ScriptedServer(line => line.KeepSilentAsync());

        var opening = FaktoryConnection.OpenAsync(server.Options(clock));
        await clock.AdvanceUntilAsync(opening, TimeSpan.FromSeconds(6));

        (await Should.ThrowAsync<FaktoryTimeoutException>(() => opening)).Message.ShouldContain("tcp+tls://");
    }

    [Fact]
    public async Task Web_server_is_a_protocol_exception()
    {
        await using var server = new ScriptedServer(line => line.SayAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));

        await Should.ThrowAsync<FaktoryProtocolException>(() => FaktoryConnection.OpenAsync(server.Options()));
    }

    [Fact]
    public async Task Server_that_hangs_up_at_once_is_a_connection_exception()
    {
        await using var server = new ScriptedServer(_ => Task.CompletedTask);

        await Should.ThrowAsync<FaktoryConnectionException>(() => FaktoryConnection.OpenAsync(server.Options()));
    }

    [Fact]
    public async Task Plain_server_is_a_tls_exception_to_a_client_that_wants_tls()
    {
        await using var server = new ScriptedServer(ScriptedServer.Greeting(line => line.KeepSilentAsync()));
        var options = server.Options();

        await Should.ThrowAsync<FaktoryTlsException>(() => FaktoryConnection.OpenAsync(options with { Url = options.Url with { IsTls = true } }));
    }

    [Fact]
    public async Task Unanswered_command_times_out_with_an_unknown_outcome_and_closes_the_connection()
    {
        var clock = new FakeTimeProvider();
        await using var server = new ScriptedServer(ScriptedServer.Greeting(line => line.KeepSilentAsync()));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options(clock));

        var pushing = connection.SendAsync(FaktoryCommands.Push(FaktoryJob.Create("Mail")));
        await clock.AdvanceUntilAsync(pushing, TimeSpan.FromSeconds(16));

        (await Should.ThrowAsync<FaktoryTimeoutException>(() => pushing)).IsOutcomeUnknown.ShouldBeTrue();
        connection.IsUsable.ShouldBeFalse();
        (await Should.ThrowAsync<FaktoryConnectionException>(() => connection.SendAsync(FaktoryCommands.Info()))).IsOutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task Connection_lost_before_the_reply_has_an_unknown_outcome()
    {
        await using var server = new ScriptedServer(ScriptedServer.Greeting(line => line.HearAsync()));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());

        var lost = await Should.ThrowAsync<FaktoryConnectionException>(() => connection.SendAsync(FaktoryCommands.Push(FaktoryJob.Create("Mail"))));

        lost.IsOutcomeUnknown.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancelled_command_closes_the_connection_because_its_reply_may_still_come()
    {
        var heard = new TaskCompletionSource();
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            await line.HearAsync();
            heard.SetResult();
            await line.KeepSilentAsync();
        }));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());
        using var cancel = new CancellationTokenSource();

        var fetching = connection.SendAsync(FaktoryCommands.Fetch(["default"]), cancel.Token);
        await heard.Task;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => fetching);
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task Commands_of_many_callers_each_get_their_own_reply()
    {
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            while (await line.HearAsync() is { } command)
                await line.SayAsync($"+{command}\r\n");
        }));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());

        var echoes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => connection.SendAsync(FaktoryCommands.Verbatim($"ECHO {i}"))));

        echoes.ShouldBe(Enumerable.Range(0, 200).Select(i => $"ECHO {i}"));
    }

    [Fact]
    public async Task Error_reply_is_split_into_code_and_message_and_the_connection_stays()
    {
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            await line.HearAsync();
            await line.SayAsync("-NOTUNIQUE Job not unique\r\n");
            await line.KeepSilentAsync();
        }));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());

        var refused = await Should.ThrowAsync<FaktoryCommandException>(() => connection.SendAsync(FaktoryCommands.Push(FaktoryJob.Create("Mail"))));

        refused.Code.ShouldBe("NOTUNIQUE");
        refused.Message.ShouldBe("Job not unique");
        refused.IsOutcomeUnknown.ShouldBeFalse();
        connection.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task Connection_knows_that_the_server_hung_up_before_a_command_is_risked()
    {
        await using var server = new ScriptedServer(ScriptedServer.Greeting(_ => Task.CompletedTask));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());

        while (connection.IsUsable)
            await Task.Yield();

        var closed = await Should.ThrowAsync<FaktoryConnectionException>(() => connection.SendAsync(FaktoryCommands.Push(FaktoryJob.Create("Mail"))));
        closed.IsOutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task Full_server_that_hangs_up_unasked_is_told_as_its_own_words()
    {
        var hungUp = new TaskCompletionSource();
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            await line.SayAsync("-ERR too many connections: 2001\r\n");
            hungUp.SetResult();
        }));
        await using var connection = await FaktoryConnection.OpenAsync(server.Options());
        await hungUp.Task;

        (await Should.ThrowAsync<FaktoryCommandException>(() => connection.SendAsync(FaktoryCommands.Info()))).Message.ShouldBe("too many connections: 2001");
    }
}
