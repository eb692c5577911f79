using System.Net;
using System.Text;
using ControlPlane.Client;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Api;

public sealed class RefusalTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("no-address", "a few plain words", "Acme", "invalid_email")]
    [InlineData("a b@example.com", "a few plain words", "Acme", "invalid_email")]
    [InlineData("ada@example.com", "short", "Acme", "invalid_password")]
    [InlineData("ada@example.com", "password1234", "Acme", "password_too_common")]
    [InlineData("ada@example.com", "1111111111", "Acme", "password_too_common")]
    [InlineData("ada@example.com", "ada@example.com", "Acme", "password_too_common")]
    [InlineData("ada@example.com", "a few plain words", "", "invalid_organization")]
    [InlineData("no-address", "short", "", "validation_failed")]
    public async Task A_sign_up_that_cannot_be_says_what_to_change(string email, string password, string organization, string code)
    {
        await using var server = await ApiServer.StartAsync(postgres);

        await new ControlPlaneClient(server.Http).SignUpAsync(new SignUpRequest(email, password, organization)).ShouldBeRefusedAsync(code);
    }

    [Fact]
    public async Task An_address_signs_up_once()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        await server.SignUpAsync("ada@example.com");

        await new ControlPlaneClient(server.Http).SignUpAsync(new SignUpRequest("ADA@example.com", "other plain words", "Acme")).ShouldBeRefusedAsync("email_taken");
    }

    [Fact]
    public async Task Creating_an_instance_is_refused_for_a_reason_and_leaves_nothing()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("orders"));

        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("Orders!")).ShouldBeRefusedAsync("invalid_name");
        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("orders")).ShouldBeRefusedAsync("instance_name_taken");
        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("mails", "gold")).ShouldBeRefusedAsync("plan_unknown");
        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("mails", Region: "moon")).ShouldBeRefusedAsync("region_unknown");
        await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("mails"));
        var problem = await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("images")).ShouldBeRefusedAsync("instance_quota_reached");
        problem.Detail.ShouldBe("Your organization has 2 instances on the plan Free, which is all it allows. Delete one, or choose a larger plan.");

        (await customer.Client.ListInstancesAsync()).Items.Count.ShouldBe(2);
        (await customer.Client.ListOperationsAsync()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Creations_side_by_side_do_not_exceed_the_plan_together()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => customer.PostAsync("v1/instances", new CreateInstanceRequest($"orders-{i}"))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(2);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(6);
        (await customer.Client.ListInstancesAsync()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deeds_on_an_instance_are_refused_where_they_make_no_sense()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("orders"))).Id;

        await customer.Client.GetCredentialsAsync(id).ShouldBeRefusedAsync("instance_not_ready");
        await customer.Client.CreateBackupAsync(id).ShouldBeRefusedAsync("instance_not_running");
        await customer.Client.UndeleteInstanceAsync(id).ShouldBeRefusedAsync("instance_not_deleted");
        await customer.Client.ResumeInstanceAsync(id).ShouldBeRefusedAsync("instance_not_suspended");
        await customer.Client.ChangePlanAsync(id, new ChangePlanRequest("free", "now")).ShouldBeRefusedAsync("plan_unchanged");
        await customer.Client.ChangePlanAsync(id, new ChangePlanRequest("gold")).ShouldBeRefusedAsync("plan_unknown");
        await customer.Client.RotatePasswordAsync(id, new RotatePasswordRequest(10_081)).ShouldBeRefusedAsync("invalid_overlap_minutes");
        await customer.Client.GetStatsAsync(id, 0).ShouldBeRefusedAsync("invalid_minutes");

        await customer.Client.SuspendInstanceAsync(id);
        await customer.Client.SuspendInstanceAsync(id).ShouldBeRefusedAsync("instance_already_suspended");
        await customer.Client.RestartInstanceAsync(id).ShouldBeRefusedAsync("instance_suspended");

        await customer.Client.DeleteInstanceAsync(id);
        await customer.Client.DeleteInstanceAsync(id).ShouldBeRefusedAsync("instance_deleted");
        await customer.Client.GetCredentialsAsync(id).ShouldBeRefusedAsync("instance_deleted");
        await customer.Client.RestartInstanceAsync(id).ShouldBeRefusedAsync("instance_deleted");
    }

    [Fact]
    public async Task An_instance_whose_name_was_taken_meanwhile_is_not_undeleted()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var first = await server.AddRunningInstanceAsync(customer, "orders");
        await customer.Client.DeleteInstanceAsync(first.Id);
        await server.AddRunningInstanceAsync(customer, "orders");

        await customer.Client.UndeleteInstanceAsync(first.Id).ShouldBeRefusedAsync("instance_name_taken");
    }

    [Fact]
    public async Task A_purged_instance_is_gone()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;
        await customer.Client.DeleteInstanceAsync(id);
        await server.ObserveAsync(id, instance => instance.PurgeAt = null);

        await customer.Client.GetInstanceAsync(id).ShouldBeRefusedAsync("instance_not_found");
        await customer.Client.UndeleteInstanceAsync(id).ShouldBeRefusedAsync("instance_not_found");
        (await customer.Client.ListInstancesAsync(deleted: true)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_smaller_plan_must_hold_what_is_in_use()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer, plan: "pro");
        await server.SampleAsync(customer, instance.Id, server.Clock.GetUtcNow(), storageBytes: 300L << 20);

        var problem = await customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("free", "now")).ShouldBeRefusedAsync("storage_exceeds_plan");

        problem.Detail.ShouldBe("This instance holds 300 MB and the plan Free allows 256 MB. Work off or clear queues first, or choose a larger plan.");
        (await customer.Client.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", null, null, 404, "not_found")]
    [InlineData("PUT", "/v1/instances", null, null, 405, "method_not_allowed")]
    [InlineData("POST", "/v1/instances", "name=orders", "application/x-www-form-urlencoded", 415, "unsupported_media_type")]
    [InlineData("POST", "/v1/instances", "{\"name\": ", "application/json", 400, "malformed_request")]
    [InlineData("POST", "/v1/instances", "{\"name\": 7}", "application/json", 400, "malformed_request")]
    [InlineData("POST", "/v1/instances", "{\"name\": \"orders\", \"plna\": \"pro\"}", "application/json", 400, "malformed_request")]
    [InlineData("POST", "/v1/instances", "{}", "application/json", 400, "invalid_name")]
    [InlineData("POST", "/v1/instances", "", "application/json", 400, "malformed_request")]
    [InlineData("GET", "/v1/instances?limit=101", null, null, 400, "invalid_limit")]
    [InlineData("GET", "/v1/instances?limit=many", null, null, 400, "malformed_request")]
    [InlineData("GET", "/v1/instances?cursor=elsewhere", null, null, 400, "invalid_cursor")]
    [InlineData("GET", "/v1/instances/ins_nonsense", null, null, 404, "instance_not_found")]
    [InlineData("GET", "/v1/operations/op_nonsense", null, null, 404, "operation_not_found")]
    [InlineData("DELETE", "/v1/tokens/tok_nonsense", null, null, 404, "token_not_found")]
    public async Task What_cannot_be_read_is_refused_in_one_form(string method, string path, string? body, string? type, int status, string code)
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, type!) };

        using var response = await customer.Http.SendAsync(request);

        await response.ShouldBeRefusedAsync(status, code);
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_not_read()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        // Otherwise the larger one is still being sent when the connection closes, now and then before the answer is read.
        customer.Http.DefaultRequestHeaders.ExpectContinue = true;
        using var fitting = await customer.Http.PostAsync("v1/instances", new StringContent(new string(' ', 1024 * 1024), Encoding.UTF8, "application/json"));
        using var larger = await customer.Http.PostAsync("v1/instances", new StringContent(new string(' ', 1024 * 1024 + 1), Encoding.UTF8, "application/json"));

        await fitting.ShouldBeRefusedAsync(400, "malformed_request");
        await larger.ShouldBeRefusedAsync(413, "body_too_large");
    }

    [Fact]
    public async Task Without_its_database_the_api_says_so()
    {
        await using var server = await ApiServer.StartAsync(postgres, settings: "--ConnectionStrings:ControlPlane=Host=127.0.0.1;Port=1;Username=fc_api");
        using var http = server.ClientFor("fct_anything");
        using var alive = await server.Http.GetAsync("healthz");

        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["readyz", "v1/plans", "v1/me"])
        {
            using var response = await http.GetAsync(path);
            await response.ShouldBeRefusedAsync(503, "unavailable");
            response.Headers.RetryAfter.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_database_of_an_older_version_is_not_ready()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        using var ready = await server.Http.GetAsync("readyz");
        await server.ExecuteAsOwnerAsync("""DELETE FROM "__EFMigrationsHistory" WHERE migration_id = (SELECT max(migration_id) FROM "__EFMigrationsHistory")""");
        using var notReady = await server.Http.GetAsync("readyz");

        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        await notReady.ShouldBeRefusedAsync(503, "not_migrated");
    }
}
