namespace Stripe.Double.Tests;

public sealed class CatalogTests
{
    [Fact]
    public async Task A_customer_is_created_changed_found_and_deleted()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.Api.Customers.CreateAsync(new() { Email = "ada@example.com", Metadata = new() { ["organization"] = "org_1" } });
        customer.Created.ShouldBe(Shop.Opening.UtcDateTime);
        var changed = await shop.Api.Customers.UpdateAsync(customer.Id, new() { Name = "Ada", Metadata = new() { ["plan"] = "pro" } });
        changed.Metadata.ShouldBe(new Dictionary<string, string> { ["organization"] = "org_1", ["plan"] = "pro" });
        (await shop.Api.Customers.SearchAsync(new() { Query = "metadata['organization']:'org_1'" })).Single().Id.ShouldBe(customer.Id);
        (await shop.Api.Customers.DeleteAsync(customer.Id)).Deleted.ShouldBe(true);
        (await shop.Api.Customers.GetAsync(customer.Id)).Deleted.ShouldBe(true);
        (await Should.ThrowAsync<StripeException>(shop.Api.Customers.UpdateAsync(customer.Id, new() { Name = "Eve" }))).StripeError.Code.ShouldBe("resource_missing");
    }

    [Fact]
    public async Task Search_finds_what_is_old_enough()
    {
        await using var shop = await Shop.OpenAsync(options => options with { SearchDelay = TimeSpan.FromMinutes(1) });
        var customer = await shop.CustomerAsync(card: null);
        (await shop.Api.Customers.SearchAsync(new() { Query = "email:'ada@example.com'" })).ShouldBeEmpty();
        await shop.Double.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await shop.Api.Customers.SearchAsync(new() { Query = "email:'ada@example.com'" })).Single().Id.ShouldBe(customer.Id);
    }

    [Fact]
    public async Task A_list_comes_in_pages_newest_first()
    {
        await using var shop = await Shop.OpenAsync();
        for (var i = 0; i < 7; i++)
            await shop.Api.Products.CreateAsync(new() { Name = $"p{i}" });
        var first = await shop.Api.Products.ListAsync(new() { Limit = 3 });
        first.Select(product => product.Name).ShouldBe(["p6", "p5", "p4"]);
        first.HasMore.ShouldBeTrue();
        var second = await shop.Api.Products.ListAsync(new() { Limit = 3, StartingAfter = first.Last().Id });
        second.Select(product => product.Name).ShouldBe(["p3", "p2", "p1"]);
        (await shop.Api.Products.ListAsync(new() { Limit = 3, EndingBefore = second.First().Id })).Select(product => product.Name).ShouldBe(["p6", "p5", "p4"]);
        var all = new List<string>();
        await foreach (var product in shop.Api.Products.ListAutoPagingAsync(new() { Limit = 2 }))
            all.Add(product.Name);
        all.ShouldBe(["p6", "p5", "p4", "p3", "p2", "p1", "p0"]);
    }

    [Fact]
    public async Task A_price_is_found_by_its_lookup_key_which_can_move_to_another()
    {
        await using var shop = await Shop.OpenAsync();
        var product = await shop.Api.Products.CreateAsync(new() { Name = "Pro" });
        PriceCreateOptions Options(long amount, bool moves) => new() { Product = product.Id, Currency = "usd", UnitAmount = amount, LookupKey = "pro_monthly", TransferLookupKey = moves, Recurring = new() { Interval = "month" } };
        var old = await shop.Api.Prices.CreateAsync(Options(1900, false));
        (await Should.ThrowAsync<StripeException>(shop.Api.Prices.CreateAsync(Options(2900, false)))).StripeError.Code.ShouldBe("resource_already_exists");
        var better = await shop.Api.Prices.CreateAsync(Options(2900, true));
        (await shop.Api.Prices.ListAsync(new() { LookupKeys = ["pro_monthly"] })).Single().Id.ShouldBe(better.Id);
        (await shop.Api.Prices.GetAsync(old.Id)).LookupKey.ShouldBeNull();
    }

    [Fact]
    public async Task A_price_of_parts_of_a_cent_keeps_them()
    {
        await using var shop = await Shop.OpenAsync();
        var product = await shop.Api.Products.CreateAsync(new() { Name = "Jobs" });
        var price = await shop.Api.Prices.CreateAsync(new() { Product = product.Id, Currency = "usd", UnitAmountDecimal = 0.25m, Recurring = new() { Interval = "month" } });
        price.UnitAmount.ShouldBeNull();
        price.UnitAmountDecimal.ShouldBe(0.25m);
    }

    [Fact]
    public async Task References_are_ids_until_somebody_expands_them()
    {
        await using var shop = await Shop.OpenAsync();
        var price = await shop.PriceAsync(1000);
        (await shop.Api.Prices.GetAsync(price.Id)).Product.ShouldBeNull();
        (await shop.Api.Prices.GetAsync(price.Id, new() { Expand = ["product"] })).Product.Name.ShouldBe("Pro");
        (await shop.Api.Prices.ListAsync(new() { Expand = ["data.product"] })).Single().Product.Name.ShouldBe("Pro");
        (await Should.ThrowAsync<StripeException>(shop.Api.Prices.GetAsync(price.Id, new() { Expand = ["recurring"] }))).StripeError.Message.ShouldContain("cannot be expanded");
    }
}
