using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>A coupon as it is given to a subscription, an item or an invoice, from when and until when.</summary>
static class Discounts
{
    /// <summary>The discounts that a list of { coupon | promotion_code | discount } names, redeemed.</summary>
    /// <param name="world">Where.</param>
    /// <param name="sent">The options with the key "discounts".</param>
    /// <param name="owner">Who gets them: { customer, subscription, invoice, … }.</param>
    /// <param name="isPreview">Whether nothing is to be counted.</param>
    internal static List<JsonObject> Redeem(World world, JsonObject sent, object owner, bool isPreview = false) =>
        [.. sent.Objects("discounts").Select(one => one.Str("discount") is { } id ? world.Find("discount", id, "discounts") : Redeem(world, one, Json.Of(owner), isPreview))];

    static JsonObject Redeem(World world, JsonObject one, JsonObject owner, bool isPreview)
    {
        var code = one.Str("promotion_code") is { } promotion ? world.Find("promotion_code", promotion, "discounts") : null;
        var coupon = world.Find("coupon", code?.Str("promotion.coupon") ?? one.Str("coupon"), "discounts");
        if (!IsValid(world, coupon, "redeem_by") || (code is not null && (!code.Is("active") || !IsValid(world, code, "expires_at"))))
            throw Refusal.Invalid("This coupon or promotion code is not currently active or is invalid.", "discounts", code is null ? "coupon_expired" : "promotion_code_expired");
        if (code?.Str("customer") is { } only && only != owner.Str("customer"))
            throw Refusal.Invalid("This promotion code cannot be redeemed by this customer.", "discounts");
        var discount = world.New<Discount>("di", new
        {
            end = coupon.Str("duration") == "repeating" ? Periods.Add(world.Now, "month", coupon.Long("duration_in_months")) : (long?)null,
            promotion_code = code?.Id(),
            source = new { coupon = coupon.Id(), type = "coupon" },
            start = world.Now,
        }).Set(owner);
        if (isPreview)
            return discount;
        foreach (var counted in code is null ? [coupon] : new[] { coupon, code })
            counted["times_redeemed"] = counted.Long("times_redeemed") + 1;
        coupon["valid"] = IsValid(world, coupon, "redeem_by");
        world.Store.Add(discount);
        world.Emit("customer.discount.created", discount);
        return discount;
    }

    static bool IsValid(World world, JsonObject redeemed, string until) => !redeemed.Is("deleted")
        && (redeemed.Int("max_redemptions") is not { } most || redeemed.Long("times_redeemed") < most) && (redeemed.Int(until) is not { } end || world.Now <= end);

    /// <summary>Those of a subscription that count for an invoice made now; what has run out is taken off.</summary>
    internal static List<JsonObject> Current(World world, JsonObject owner) => [.. owner.Strings("discounts").Select(id => world.Store[id]!).Where(discount => discount.Int("end") is not { } end || world.Now < end)];

    /// <summary>A coupon for once is used up by the invoice that it was on.</summary>
    internal static void UseUp(World world, JsonObject owner)
    {
        var kept = Current(world, owner).Where(discount => world.Store[discount.Str("source.coupon")]!.Str("duration") != "once").Select(discount => discount.Id()).ToList();
        foreach (var gone in owner.Strings("discounts").Except(kept).ToList())
            world.Emit("customer.discount.deleted", world.Store[gone]!);
        owner["discounts"] = kept.Array();
    }
}
