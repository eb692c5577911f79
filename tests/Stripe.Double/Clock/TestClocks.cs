using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Clock;

/// <summary>
/// /v1/test_helpers/test_clocks: customers of a test clock live at its frozen time, and what becomes due for them happens when it is advanced.
/// An advance is done when the answer comes; its events say advancing, then ready.
/// </summary>
static class TestClocks
{
    const long deletedAfterSeconds = 30 * 24 * 3600, aheadMax = 2 * 366 * 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Post<TestHelpers.TestClockCreateOptions>("/v1/test_helpers/test_clocks", Create);
        routes.Retrieve("/v1/test_helpers/test_clocks/{id}", "test_helpers.test_clock");
        routes.Get<TestHelpers.TestClockListOptions>("/v1/test_helpers/test_clocks", call => call.List("test_helpers.test_clock"));
        routes.Delete<BaseOptions>("/v1/test_helpers/test_clocks/{id}", Delete);
        routes.Post<TestHelpers.TestClockAdvanceOptions>("/v1/test_helpers/test_clocks/{id}/advance", Advance);
    }

    static JsonObject Create(Call call)
    {
        var clock = call.World.Add<TestHelpers.TestClock>("clock", new
        {
            deletes_after = call.Now + deletedAfterSeconds,
            frozen_time = call.NeedInt("frozen_time"),
            name = call.Sent.Str("name"),
            status = "ready",
        });
        call.World.Emit("test_helpers.test_clock.created", clock);
        return clock;
    }

    static JsonObject Advance(Call call)
    {
        var (world, clock, to) = (call.World, call.Found("test_helpers.test_clock"), call.NeedInt("frozen_time"));
        if (to <= clock.Long("frozen_time") || to > clock.Long("frozen_time") + aheadMax)
            throw Refusal.Invalid("The new frozen time must be after the current one, and not more than two years ahead.", "frozen_time");
        clock["status"] = "advancing";
        world.Emit("test_helpers.test_clock.advancing", clock);
        DueWork.Run(world, clock.Id(), to);
        clock.Set(new { frozen_time = to, status = "ready", status_details = new { } });
        world.Emit("test_helpers.test_clock.ready", clock);
        return clock;
    }

    // Its customers go with it, and whatever is theirs.
    static JsonObject Delete(Call call)
    {
        var (world, clock) = (call.World, call.Found("test_helpers.test_clock"));
        foreach (var customer in world.Store.Where("customer", "test_clock", clock.Id()))
        {
            foreach (var subscription in world.Store.Where("subscription", "customer", customer.Id()).Where(Objects.Subscriptions.IsLiving))
                Objects.Subscriptions.End(world, subscription, "cancellation_requested");
            customer["deleted"] = true;
        }
        world.Store.Remove(clock);
        return Json.Of(new { id = clock.Id(), @object = "test_helpers.test_clock", deleted = true });
    }
}
