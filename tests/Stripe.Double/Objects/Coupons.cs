using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

static class Coupons
{
    internal static void Map(Routes routes)
    {
        routes.Post<CouponCreateOptions>("/v1/coupons", Create);
        routes.Retrieve("/v1/coupons/{id}", "coupon");
        routes.Post<CouponUpdateOptions>("/v1/coupons/{id}", call => call.World.Change(call.Found("coupon"), "coupon.updated", coupon => coupon.Take(call.Sent, "metadata", "name", "currency_options")));
        routes.Get<CouponListOptions>("/v1/coupons", call => call.List("coupon"));
        routes.Delete<BaseOptions>("/v1/coupons/{id}", Delete);
        routes.Post<PromotionCodeCreateOptions>("/v1/promotion_codes", CreateCode);
        routes.Retrieve("/v1/promotion_codes/{id}", "promotion_code");
        routes.Post<PromotionCodeUpdateOptions>("/v1/promotion_codes/{id}", call => call.World.Change(call.Found("promotion_code"), "promotion_code.updated", code => code.Take(call.Sent, "active", "metadata", "restrictions")));
        routes.Get<PromotionCodeListOptions>("/v1/promotion_codes", call => call.List("promotion_code", "active", "code", "customer"));
    }

    static JsonObject Create(Call call)
    {
        if (call.Sent.ContainsKey("percent_off") == call.Sent.ContainsKey("amount_off"))
            throw Refusal.Invalid("Must provide exactly one of percent_off or amount_off.", "percent_off");
        if (call.Sent.ContainsKey("amount_off"))
            call.Need("currency");
        var duration = call.Sent.Str("duration") ?? "once";
        if (duration == "repeating" && !call.Sent.ContainsKey("duration_in_months"))
            throw Refusal.Missing("duration_in_months");
        if (call.World.Store[call.Sent.Str("id")] is not null)
            throw Refusal.Invalid("Coupon already exists.", "id", "resource_already_exists");
        var coupon = call.World.New<Coupon>("co", new { duration, times_redeemed = 0, valid = true })
            .Take(call.Sent, "amount_off", "applies_to", "currency", "currency_options", "duration_in_months", "max_redemptions", "metadata", "name", "percent_off", "redeem_by");
        coupon["id"] = call.Sent.Str("id") ?? call.World.Ids.Next("c", 8)[2..];
        call.World.Store.Add(coupon);
        call.World.Emit("coupon.created", coupon);
        return coupon;
    }

    static JsonObject CreateCode(Call call)
    {
        var coupon = call.World.Find("coupon", call.Sent.Str("promotion.coupon") ?? throw Refusal.Missing("promotion[coupon]"), "promotion[coupon]");
        var code = (call.Sent.Str("code") ?? call.World.Ids.Next("p", 8)[2..]).ToUpperInvariant();
        if (call.World.Store.Where("promotion_code", "code", code).Any(other => other.Is("active")))
            throw Refusal.Invalid("An active promotion code with `code: " + code + "` already exists.", "code");
        var made = call.World.Add<PromotionCode>("promo", new
        {
            code,
            active = true,
            promotion = new { coupon = coupon.Id(), type = "coupon" },
            restrictions = new { first_time_transaction = false, minimum_amount = (long?)null, minimum_amount_currency = (string?)null },
        }).Take(call.Sent, "active", "customer", "expires_at", "max_redemptions", "metadata");
        if (call.Sent.Obj("restrictions") is { } restrictions)
            made.Obj("restrictions")!.Take(restrictions, "first_time_transaction", "minimum_amount", "minimum_amount_currency");
        call.World.Emit("promotion_code.created", made);
        return made;
    }

    // What was sold with it keeps it: the coupon is only no longer valid.
    static JsonObject Delete(Call call)
    {
        var coupon = call.Found("coupon");
        coupon.Set(new { valid = false, deleted = true });
        call.World.Emit("coupon.deleted", coupon);
        return Json.Of(new { id = coupon.Id(), @object = "coupon", deleted = true });
    }
}
