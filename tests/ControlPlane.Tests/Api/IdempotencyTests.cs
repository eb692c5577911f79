using System.Net;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Api;

public sealed class IdempotencyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_same_request_with_the_same_key_is_done_once()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        using var first = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));
        using var second = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));

        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await customer.Client.ListInstancesAsync()).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_good_for_one_request()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        using var first = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));

        using var otherBody = await customer.PostAsync("v1/instances", new CreateInstanceRequest("mails"), ("Idempotency-Key", "k1"));
        using var otherPath = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "k1"));

        await otherBody.ShouldBeRefusedAsync(422, "idempotency_key_reused");
        await otherPath.ShouldBeRefusedAsync(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task Requests_side_by_side_with_one_key_are_done_once()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "k1"))));

        var secrets = new HashSet<string>();
        foreach (var answer in answers)
        {
            if (answer.StatusCode == HttpStatusCode.Created)
                secrets.Add((await answer.ReadAsync<CreatedTokenResponse>()).Secret);
            else
                await answer.ShouldBeRefusedAsync(409, "idempotency_in_progress");
        }
        secrets.Count.ShouldBe(1);
        (await customer.Client.ListTokensAsync()).Items.Count(token => token.Name == "deploy").ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_request_may_be_tried_again_with_its_key()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var other = await server.AddRunningInstanceAsync(customer, "orders");
        using var refused = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));
        await customer.Client.DeleteInstanceAsync(other.Id);

        using var again = await customer.PostAsync("v1/instances", new CreateInstanceRequest("orders"), ("Idempotency-Key", "k1"));

        await refused.ShouldBeRefusedAsync(409, "instance_name_taken");
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_repeated_sign_up_gets_the_same_token_and_a_stranger_with_its_key_does_not()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var stranger = new Customer(server, null!, "");
        var request = new SignUpRequest("ada@example.com", Customer.Password, "Acme");

        using var first = await stranger.PostAsync("v1/signup", request, ("Idempotency-Key", "k1"));
        using var second = await stranger.PostAsync("v1/signup", request, ("Idempotency-Key", "k1"));
        using var guessed = await stranger.PostAsync("v1/signup", request with { Password = "some other words" }, ("Idempotency-Key", "k1"));

        (await second.ReadAsync<SignUpResponse>()).Token.ShouldBe((await first.ReadAsync<SignUpResponse>()).Token);
        await guessed.ShouldBeRefusedAsync(409, "email_taken");
    }

    [Fact]
    public async Task What_is_remembered_is_sealed_and_forgotten_after_seven_days()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-04T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var server = await ApiServer.StartAsync(postgres, clock);
        var customer = await server.SignUpAsync();
        using var created = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "k1"));
        var secret = (await created.ReadAsync<CreatedTokenResponse>()).Secret;
        await using (var scope = server.Fleet())
            (await scope.Db.IdempotencyRecords.SingleAsync()).SealedBody!.ShouldNotContain(secret);

        clock.Advance(IdempotentAnswers.KeptFor - TimeSpan.FromSeconds(1));
        using var kept = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "k1"));
        clock.Advance(TimeSpan.FromSeconds(1));
        using var forgotten = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "k1"));

        (await kept.ReadAsync<CreatedTokenResponse>()).Secret.ShouldBe(secret);
        (await forgotten.ReadAsync<CreatedTokenResponse>()).Secret.ShouldNotBe(secret);
    }

    [Fact]
    public async Task Old_answers_are_removed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-04T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var server = await ApiServer.StartAsync(postgres, clock);
        var customer = await server.SignUpAsync();
        using var old = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "old"));
        clock.Advance(TimeSpan.FromDays(5));
        using var young = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", "young"));
        clock.Advance(TimeSpan.FromDays(3));

        await server.Services.GetServices<IHostedService>().OfType<ForgottenAnswers>().Single().RemoveAsync(CancellationToken.None);

        await using var scope = server.Fleet();
        (await scope.Db.IdempotencyRecords.SingleAsync()).Key.ShouldBe("young");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public async Task A_key_has_1_to_255_characters(int length)
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();

        using var longest = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", new string('k', 255)));
        using var refused = await customer.PostAsync("v1/tokens", new CreateTokenRequest("deploy"), ("Idempotency-Key", new string('k', length)));

        longest.StatusCode.ShouldBe(HttpStatusCode.Created);
        await refused.ShouldBeRefusedAsync(400, "invalid_idempotency_key");
    }
}
