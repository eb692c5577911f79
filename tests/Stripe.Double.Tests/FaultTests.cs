using Stripe.Double.Control;

namespace Stripe.Double.Tests;

public sealed class FaultTests
{
    static readonly RequestOptions key = new() { IdempotencyKey = "payout-1" };

    [Fact]
    public async Task The_same_key_and_request_give_the_first_answer()
    {
        await using var shop = await Shop.OpenAsync();
        var first = await shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key);
        var again = await shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key);
        again.Id.ShouldBe(first.Id);
        again.StripeResponse.Headers.GetValues("Idempotent-Replayed").Single().ShouldBe("true");
        (await Should.ThrowAsync<StripeException>(shop.Api.Customers.CreateAsync(new() { Name = "Eve" }, key))).StripeError.Type.ShouldBe("idempotency_error");
        await shop.Double.AdvanceAsync(TimeSpan.FromHours(24));
        (await shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task A_request_that_was_refused_before_it_began_may_be_sent_again()
    {
        await using var shop = await Shop.OpenAsync();
        var wrong = new CustomerCreateOptions();
        wrong.AddExtraParam("colour", "blue");
        await Should.ThrowAsync<StripeException>(shop.Api.Customers.CreateAsync(wrong, key));
        (await shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key)).Name.ShouldBe("Ada");
    }

    [Fact]
    public async Task An_answer_that_is_lost_has_still_had_its_effect()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Double.Plan(new Fault { Path = "/v1/customers", LosesAnswer = true });
        await Should.ThrowAsync<HttpRequestException>(shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key));
        var created = (await shop.Api.Customers.ListAsync()).Single();
        (await shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key)).Id.ShouldBe(created.Id);
    }

    [Fact]
    public async Task The_SDKs_own_retries_get_over_two_failures()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Double.Plan(new Fault { Path = "/v1/customers", Status = 503, Times = 2 });
        (await shop.Connect(shop.Http, retries: 2).V1.Customers.CreateAsync(new() { Name = "Ada" })).Name.ShouldBe("Ada");
    }

    [Fact]
    public async Task A_recorded_500_comes_again_for_its_key()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Double.Plan(new Fault { Path = "/v1/customers", Status = 500, IsRecorded = true });
        for (var i = 0; i < 2; i++)
            (await Should.ThrowAsync<StripeException>(shop.Api.Customers.CreateAsync(new() { Name = "Ada" }, key))).HttpStatusCode.ShouldBe(System.Net.HttpStatusCode.InternalServerError);
        (await shop.Api.Customers.ListAsync()).ShouldBeEmpty();
        await shop.Api.Customers.CreateAsync(new() { Name = "Ada" });
    }

    [Fact]
    public async Task Too_many_requests_and_a_code_of_ones_choice()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Double.Plan(new Fault { Path = "/v1/customers", Method = "GET", Status = 429 });
        (await Should.ThrowAsync<StripeException>(shop.Api.Customers.ListAsync())).StripeError.Code.ShouldBe("rate_limit");
        shop.Double.Plan(new Fault { Path = "/v1/transfers", Status = 400, Code = "balance_insufficient" });
        (await Should.ThrowAsync<StripeException>(shop.Api.Transfers.CreateAsync(new() { Amount = 1, Currency = "usd", Destination = "acct_1" }))).StripeError.Code.ShouldBe("balance_insufficient");
    }
}
