using System.Net;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Tests.Api;

public sealed class WaitTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_creation_that_is_waited_for_answers_created_once_it_runs()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        var waiting = customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Prefer", "wait=60"), ("Idempotency-Key", "k1"));
        var id = await customer.FirstInstanceAsync();
        await server.ProvisionAsync(id);
        using var created = await waiting;

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe($"/v1/instances/{id}");
        created.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        (await created.ReadAsync<InstanceResource>()).State.ShouldBe("running");

        using var again = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_failed_creation_is_not_called_created()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        var waiting = customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Prefer", "wait=60"));
        var id = await customer.FirstInstanceAsync();
        await server.ObserveAsync(id, instance => instance.MarkFailed());
        await server.FinishOperationsAsync(id, OperationState.Failed);
        using var answer = await waiting;

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.ReadAsync<InstanceResource>()).State.ShouldBe("failed");
    }

    [Fact]
    public async Task A_deed_that_is_waited_for_answers_with_the_finished_operation()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer);

        var waiting = customer.PostAsync($"v1/instances/{instance.Id}/restart", null, ("Prefer", "respond-async, wait=60"));
        await customer.OperationOnAsync(instance.Id, "instance.restart");
        await server.FinishOperationsAsync(instance.Id);
        using var answer = await waiting;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.ReadAsync<OperationResource>()).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_wait_that_ends_first_answers_accepted()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        using var answer = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Prefer", "wait=1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=1"]);
    }

    [Fact]
    public async Task Waiting_requests_hold_no_connection_of_the_database()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer);

        // More than the pool has connections: each would keep the others out.
        var waiting = Enumerable.Range(0, 40).Select(_ => customer.PostAsync($"v1/instances/{instance.Id}/restart", null, ("Prefer", "wait=60"))).ToList();
        while ((await customer.Client.ListOperationsAsync(instance.Id)).Items.Count(o => o.Kind == "instance.restart") < 40)
            await Task.Yield();
        await server.FinishOperationsAsync(instance.Id);

        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_too_many_wait_the_others_are_answered_at_once()
    {
        await using var server = await ApiServer.StartAsync(postgres, settings: "--Api:WaitingRequestsMax=0");
        var customer = await server.SignUpAsync();

        using var answer = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Prefer", "wait=60"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.Contains("Preference-Applied").ShouldBeFalse();
    }

    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("WAIT = \"7\"", 7)]
    [InlineData("wait=61", 60)]
    [InlineData("wait=0", null)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=soon", null)]
    [InlineData("wait=99999999999", null)]
    [InlineData("return=minimal", null)]
    public void A_preference_is_read_or_ignored(string header, int? seconds)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["Prefer"] = header;

        OperationWait.ReadSeconds(context.Request).ShouldBe(seconds);
    }
}

static class Looking
{
    /// <summary>The id of the customer's instance, as soon as there is one.</summary>
    internal static async Task<string> FirstInstanceAsync(this Customer customer)
    {
        while (true)
        {
            if ((await customer.Client.ListInstancesAsync()).Items is [var instance, ..])
                return instance.Id;
        }
    }

    internal static async Task OperationOnAsync(this Customer customer, string subject, string kind)
    {
        while ((await customer.Client.ListOperationsAsync(subject)).Items.All(operation => operation.Kind != kind))
            await Task.Yield();
    }
}
