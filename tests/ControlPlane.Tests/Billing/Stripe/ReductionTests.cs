using ControlPlane.Client;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Alerts = ControlPlane.Core.Alerts.Alerts;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>What makes an invoice less or more than a plan's price, and the catalogue at Stripe.</summary>
public sealed class ReductionTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_coupon_counts_for_as_long_as_it_says()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        await world.Billing.OperateAsync<CouponResource>("v1/operator/coupons", new CreateCouponRequest("HALF", "once", 500_000));
        await world.Billing.OperateAsync<CouponResource>("v1/operator/coupons", new CreateCouponRequest("TENTH", "forever", 100_000));
        await world.Customer.RedeemCouponAsync(new RedeemCouponRequest("HALF"));
        await world.SubscribeAsync();
        await world.Customer.RedeemCouponAsync(new RedeemCouponRequest("TENTH"));
        await world.PassAsync(TimeSpan.FromDays(62), TimeSpan.FromDays(2));

        (await world.Billing.InvoicesAsync()).Select(i => (i.DiscountMinor, i.TotalMinor, i.State)).ShouldBe([(1450L, 1450L, "paid"), (290L, 2610L, "paid"), (290L, 2610L, "paid")]);
        (await world.Customer.GetBillingAsync()).Coupons.Single().Code.ShouldBe("TENTH");
    }

    [Fact]
    public async Task A_page_takes_one_coupon_and_the_others_count_from_its_completion_on()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        foreach (var coupon in new CreateCouponRequest[] { new("HALF", "repeating", 500_000, Months: 1), new("TENTH", "forever", 100_000), new("FIVE", "once", AmountMinor: 500, Currency: "USD") })
        {
            await world.Billing.OperateAsync<CouponResource>("v1/operator/coupons", coupon);
            await world.Customer.RedeemCouponAsync(new RedeemCouponRequest(coupon.Code));
            world.Billing.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        var instance = await world.Server.AddRunningInstanceAsync(world.Billing.Customer);
        var first = await world.Customer.PreviewPlanChangeAsync(new PreviewRequest("hobby", instance.Id));
        first.TotalMinor.ShouldBe(450);
        await world.CheckOutAsync(instance.Id, "hobby");
        (await world.Billing.InvoicesAsync()).Single().ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(first.TotalMinor), i => i.DiscountMinor.ShouldBe(450));
        (await world.SubscriptionAsync()).Discounts.Count.ShouldBe(3);
        (await world.Customer.GetBillingAsync()).Coupons.Select(c => c.Code).ShouldBe(["HALF", "TENTH", "FIVE"], ignoreOrder: true);

        // The rest of the month on the larger plan: half of it, a tenth of what is left, and five less.
        var second = await world.Customer.PreviewPlanChangeAsync(new PreviewRequest("pro", instance.Id));
        second.TotalMinor.ShouldBe(-450 + 2900 - 1450 - 145 - 500);
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro", null, second.ProrationAt, second.TotalMinor));
        (await world.Billing.InvoicesAsync())[^1].TotalMinor.ShouldBe(second.TotalMinor);
        await world.PassAsync(TimeSpan.FromDays(62), TimeSpan.FromHours(12));

        (await world.Billing.InvoicesAsync()).Select(i => i.TotalMinor).ShouldBe([450, second.TotalMinor, 2610, 2610]);
        (await world.Customer.GetBillingAsync()).Coupons.Single().Code.ShouldBe("TENTH");
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task Jobs_beyond_what_a_plan_includes_are_on_the_next_invoice_once()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync();
        await UseAsync(world, instance.Id, 10_250_001);
        await world.RunAsync();
        await world.RunAsync();
        // A round that told Stripe of a block, and died before it could remember.
        await world.Server.ExecuteAsOwnerAsync("UPDATE usage_periods SET reported_blocks = 1");
        await world.RunAsync();
        await world.PassAsync(TimeSpan.FromDays(32), TimeSpan.FromDays(4));

        var renewal = (await world.Billing.InvoicesAsync())[^1];
        (renewal.Reason, renewal.TotalMinor, renewal.State).ShouldBe(("renewal", 2900 + 3 * 10, "paid"));
        renewal.Lines.Single(l => l.AmountMinor == 30).ShouldSatisfyAllConditions(l => l.Plan.ShouldBe("pro"), l => l.InstanceId.ShouldBe(instance.Id), l => l.Description.ShouldEndWith(" (orders)"));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task The_catalogue_is_made_at_Stripe_and_a_price_that_differs_is_refused()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var product = await world.At.Products.CreateAsync(new() { Id = "plan-hobby", Name = "Hobby" });
        await world.At.Prices.CreateAsync(new()
        {
            Product = product.Id,
            Currency = "usd",
            UnitAmount = 901,
            LookupKey = "hobby-v1-usd-month",
            Recurring = new() { Interval = "month" },
            Metadata = new() { [StripePrices.PlanEntry] = "hobby", [StripePrices.VersionEntry] = "1" },
        });
        var instance = await world.Server.AddRunningInstanceAsync(world.Billing.Customer);
        using var refused = await world.Billing.Customer.PostAsync("v1/billing/checkout", new CheckoutRequest("hobby", instance.Id));
        refused.IsSuccessStatusCode.ShouldBeFalse();
        await world.RunAsync();
        await using (var fleet = world.Server.Fleet())
            (await fleet.Db.Alerts.SingleAsync(a => a.Kind == Alerts.CatalogueDiffers)).Message.ShouldContain("hobby-v1-usd-month");

        var wrong = (await world.At.Prices.ListAsync(new() { LookupKeys = ["hobby-v1-usd-month"] })).Single();
        await world.At.Prices.UpdateAsync(wrong.Id, new() { Active = false, LookupKey = "hobby-v1-usd-month-wrong" });
        await world.RunAsync();
        await using (var fleet = world.Server.Fleet())
            (await fleet.Db.Alerts.SingleAsync(a => a.Kind == Alerts.CatalogueDiffers)).ResolvedAt.ShouldNotBeNull();
        (await world.At.Prices.ListAsync(new() { LookupKeys = ["hobby-v1-usd-month"], Active = true })).Single().UnitAmount.ShouldBe(900);
        await world.CheckOutAsync(instance.Id, "hobby");
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");
    }

    [Fact]
    public async Task Moving_the_billing_clock_takes_the_double_with_it()
    {
        await using var world = await StripeWorld.StartAsync(postgres, null, "--Billing:ClockIsMovable=true");
        await world.SubscribeAsync("hobby");
        await world.Billing.OperateAsync<ClockResource>("v1/operator/clock", new { advance_seconds = 32 * 86400 });
        await world.HearAsync();
        (await world.Billing.InvoicesAsync()).Select(i => (i.Reason, i.State)).ShouldBe([("start", "paid"), ("renewal", "paid")]);
    }

    static async Task UseAsync(StripeWorld world, string instance, long jobs)
    {
        await using var fleet = world.Server.Fleet();
        var row = await fleet.Db.Instances.SingleAsync(i => i.Name == "orders");
        row.Id.ToString().ShouldBe(instance);
        fleet.Db.UsagePeriods.Add(new UsagePeriod
        {
            InstanceId = row.Id,
            OrganizationId = row.OrganizationId,
            PeriodStart = BillingWorld.Start,
            Jobs = jobs,
            LastTotal = jobs,
            ReadAt = world.Billing.Clock.GetUtcNow(),
        });
        await fleet.Db.SaveChangesAsync();
    }
}
