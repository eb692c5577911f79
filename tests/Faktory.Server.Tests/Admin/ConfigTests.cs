using System.Net;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

public sealed class ConfigTests
{
    [Fact]
    public async Task It_is_shown_without_its_secrets()
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.GetAsync("/admin/config");
        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("generation").GetInt32().ShouldBe(3);
        body.GetRawText().ShouldNotContain(AdminServer.Token);
        body.GetRawText().ShouldNotContain(AdminServer.Password);
    }

    [Fact]
    public async Task Two_passwords_open_while_they_overlap_and_open_connections_live_on()
    {
        await using var admin = await AdminServer.StartAsync();
        var before = await admin.ConnectAsync();
        var end = TestServer.StartedAt.AddMinutes(10);
        await PutAsync(admin, 4, $$"""[{"value":"second"},{"value":"{{AdminServer.Password}}","expires_at":"{{end:O}}"}]""");

        (await admin.SayHelloAsync("second")).Reply.ShouldBe("+OK");
        (await admin.SayHelloAsync(AdminServer.Password)).Reply.ShouldBe("+OK");
        (await admin.SayHelloAsync("third")).Reply.ShouldBe("-ERR Invalid password");

        await admin.Server.AdvanceAsync(TimeSpan.FromMinutes(10));
        (await admin.SayHelloAsync("second")).Reply.ShouldBe("+OK");
        (await admin.SayHelloAsync(AdminServer.Password)).Reply.ShouldBe("-ERR Invalid password");
        await before.PushAsync("job-00001");
    }

    [Fact]
    public async Task It_is_written_for_its_owner_only_and_read_again_at_the_next_start()
    {
        await using var admin = await AdminServer.StartAsync();
        await PutAsync(admin, 4, """[{"value":"second"}]""", """{"connections_max":7}""");
        File.GetUnixFileMode(admin.InstanceFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await admin.RestartAsync();
        (await admin.SayHelloAsync("second")).Reply.ShouldBe("+OK");
        (await admin.StatsAsync()).GetProperty("connections_max").GetInt32().ShouldBe(7);
        (await admin.StatsAsync()).GetProperty("generation").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task An_older_generation_is_refused_and_the_same_one_is_not()
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", """{"generation":2,"passwords":[{"value":"old"}]}""");
        status.ShouldBe(HttpStatusCode.Conflict);
        body.GetProperty("code").GetString().ShouldBe("stale_generation");
        (await admin.SayHelloAsync("old")).Reply.ShouldBe("-ERR Invalid password");
        await PutAsync(admin, 3, """[{"value":"same"}]""");
    }

    [Theory]
    [InlineData("""{"generation":9,"passwords":[]}""")]
    [InlineData("""{"generation":9}""")]
    [InlineData("""{"generation":9,"passwords":[{"value":""}]}""")]
    [InlineData("""{"generation":9,"passwords":[{"value":"p"}],"limits":{"jobs_max":5}}""")]
    [InlineData("""{"generation":9,"passwords":[{"value":"p"}],"limits":{"connections_max":0}}""")]
    [InlineData("""{"generation":"nine"}""")]
    [InlineData("""null""")]
    [InlineData("""{""")]
    public async Task What_cannot_be_used_is_refused_and_changes_nothing(string json)
    {
        await using var admin = await AdminServer.StartAsync();
        var before = await File.ReadAllTextAsync(admin.InstanceFile);
        var (status, body) = await admin.PutAsync("/admin/config", json);
        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("code").GetString().ShouldBe("invalid_body");
        (await File.ReadAllTextAsync(admin.InstanceFile)).ShouldBe(before);
        await admin.ConnectAsync();
    }

    [Fact]
    public async Task A_body_beyond_every_bound_is_refused()
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, _) = await admin.PutAsync("/admin/config", $$"""{"generation":9,"passwords":[{"value":"{{new string('p', 300_000)}}"}]}""");
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Connections_max_counts_from_the_next_connection_on()
    {
        await using var admin = await AdminServer.StartAsync();
        await PutAsync(admin, 4, $$"""[{"value":"{{AdminServer.Password}}"}]""", """{"connections_max":2}""");
        var first = await admin.ConnectAsync();
        await admin.ConnectAsync();
        var (third, reply) = await admin.SayHelloAsync(AdminServer.Password);
        reply.ShouldBe("-ERR too many connections: 3, at most 2 are allowed");
        (await third.ReadToEndAsync()).ShouldBe("");

        await PutAsync(admin, 5, $$"""[{"value":"{{AdminServer.Password}}"}]""", """{"connections_max":3}""");
        await admin.ConnectAsync();
        await first.PushAsync("job-00001");
    }

    [Fact]
    public async Task Line_bytes_max_counts_from_the_next_line_on()
    {
        await using var admin = await AdminServer.StartAsync();
        var client = await admin.ConnectAsync();
        await PutAsync(admin, 4, $$"""[{"value":"{{AdminServer.Password}}"}]""", """{"line_bytes_max":200}""");
        var line = $"PUSH {Job.Json("job-00001")}";
        (await client.CallAsync(line.PadRight(200))).ShouldBe("+OK");
        (await client.CallAsync(line.PadRight(201))).ShouldBe("-ERR line too long: at most 200 bytes");
        (await client.ReadToEndAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Enqueuing_in_the_web_ui_is_off_until_it_is_switched_on_and_that_is_kept()
    {
        await using var admin = await AdminServer.StartAsync();
        admin.Server.State.AllowsEnqueue.ShouldBeFalse();
        var (status, body) = await admin.PutAsync("/admin/config", """{"generation":4,"passwords":[{"value":"p"}],"web":{"enqueue":true}}""");
        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("web").GetProperty("enqueue").GetBoolean().ShouldBeTrue();
        admin.Server.State.AllowsEnqueue.ShouldBeTrue();

        await admin.RestartAsync();
        admin.Server.State.AllowsEnqueue.ShouldBeTrue();
        await PutAsync(admin, 5, """[{"value":"p"}]""");
        admin.Server.State.AllowsEnqueue.ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_store_refuses_new_jobs_and_goes_on_with_those_it_has()
    {
        await using var admin = await AdminServer.StartAsync();
        var client = await admin.ConnectAsync();
        await PutAsync(admin, 4, $$"""[{"value":"{{AdminServer.Password}}"}]""", """{"storage_bytes_max":4000000}""");
        var pushed = await PushUntilRefusedAsync(admin, client);
        pushed.ShouldBeInRange(20, 100);

        for (var i = 0; i < pushed; i++)
            (await client.CallAsync($$"""ACK {"jid":"{{await client.FetchJidAsync()}}"}""")).ShouldBe("+OK");
        await UntilTakenAsync(admin, client);
    }

    [Fact]
    public async Task Without_an_instance_file_there_is_no_token_and_so_no_way_in()
    {
        await using var server = await TestServer.StartAsync(options => options with { AdminBinding = "127.0.0.1:0" });
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Host.AdminEndpoint}") };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/stats");
        request.Headers.Authorization = new("Bearer", "");
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    static async Task PutAsync(AdminServer admin, int generation, string passwords, string limits = "{}")
    {
        var (status, body) = await admin.PutAsync("/admin/config", $$"""{"generation":{{generation}},"passwords":{{passwords}},"limits":{{limits}}}""");
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
    }

    // Random letters, because compression would make room for almost any number of equal ones.
    static async Task<int> PushUntilRefusedAsync(AdminServer admin, WireClient client)
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            await admin.Server.AdvanceAsync(TimeSpan.FromSeconds(1));
            var padding = new string([.. Enumerable.Range(0, 100_000).Select(_ => (char)random.Next('a', 'z'))]);
            var reply = await client.CallAsync($"PUSH {Job.Json($"job-{i:d6}", more: $"\"padding\":\"{padding}\"")}");
            if (reply == "+OK")
                continue;
            reply!.ShouldStartWith("-ERR storage is full: ");
            return i;
        }
        throw new InvalidOperationException("the store never gets full");
    }

    static async Task UntilTakenAsync(AdminServer admin, WireClient client)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await client.CallAsync($"PUSH {Job.Json("job-again")}") != "+OK")
        {
            patience.Token.ThrowIfCancellationRequested();
            await admin.Server.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
    }
}
