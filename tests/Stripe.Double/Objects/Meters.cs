using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Usage: a meter says which events count and how; an event is counted once by its identifier, for at least a day.</summary>
static class Meters
{
    const string eventType = "_meter_event";
    const long identifierKeptSeconds = 24 * 3600, pastSeconds = 35 * 24 * 3600, futureSeconds = 300;

    internal static void Map(Routes routes)
    {
        routes.Post<Billing.MeterCreateOptions>("/v1/billing/meters", Create);
        routes.Retrieve("/v1/billing/meters/{id}", "billing.meter");
        routes.Post<Billing.MeterUpdateOptions>("/v1/billing/meters/{id}", call => call.World.Change(call.Found("billing.meter"), "billing.meter.updated", meter => meter.Take(call.Sent, "display_name").Set(new { updated = call.Now })));
        routes.Post<BaseOptions>("/v1/billing/meters/{id}/deactivate", call => Switch(call, "inactive"));
        routes.Post<BaseOptions>("/v1/billing/meters/{id}/reactivate", call => Switch(call, "active"));
        routes.Get<Billing.MeterListOptions>("/v1/billing/meters", call => call.List("billing.meter", "status"));
        routes.Get<Billing.MeterEventSummaryListOptions>("/v1/billing/meters/{id}/event_summaries", Summaries);
        routes.Post<Billing.MeterEventCreateOptions>("/v1/billing/meter_events", Record);
        routes.Post<Billing.MeterEventAdjustmentCreateOptions>("/v1/billing/meter_event_adjustments", Adjust);
    }

    static JsonObject Create(Call call)
    {
        var name = call.Need("event_name");
        if (Active(call.World, name) is not null)
            throw Refusal.Invalid("There is already an active meter with this event name.", "event_name", "archived_meter_attached");
        var meter = call.World.Add<Billing.Meter>("mtr_test", new
        {
            customer_mapping = new { event_payload_key = call.Sent.Str("customer_mapping.event_payload_key") ?? "stripe_customer_id", type = "by_id" },
            default_aggregation = new { formula = call.Sent.Str("default_aggregation.formula") ?? throw Refusal.Missing("default_aggregation[formula]") },
            display_name = call.Need("display_name"),
            event_name = name,
            event_time_window = call.Sent.Str("event_time_window"),
            status = "active",
            status_transitions = new { deactivated_at = (long?)null },
            updated = call.Now,
            value_settings = new { event_payload_key = call.Sent.Str("value_settings.event_payload_key") ?? "value" },
        });
        call.World.Emit("billing.meter.created", meter);
        return meter;
    }

    static JsonObject Switch(Call call, string status)
    {
        var meter = call.Found("billing.meter").Set(new { status, updated = call.Now });
        meter["status_transitions"]!["deactivated_at"] = status == "inactive" ? call.Now : null;
        call.World.Emit(status == "inactive" ? "billing.meter.deactivated" : "billing.meter.reactivated", meter);
        return meter;
    }

    static JsonObject Record(Call call)
    {
        var (world, name) = (call.World, call.Need("event_name"));
        var meter = Active(world, name) ?? throw Refusal.Invalid($"No active meter found for event name {name}.", "event_name", "no_meter");
        var payload = call.Sent.Obj("payload") ?? throw Refusal.Missing("payload");
        var customer = payload.Str(meter.Str("customer_mapping.event_payload_key")!) ?? throw Refusal.Invalid("The payload does not name a customer.", "payload", "meter_event_no_customer_defined");
        Customers.Living(world, customer, "payload");
        if (payload.Dec(meter.Str("value_settings.event_payload_key")!) is not { } value)
            throw Refusal.Invalid("The payload has no value, or one that is not a number.", "payload", "meter_event_invalid_value");
        var at = call.Sent.Int("timestamp") ?? call.Now;
        if (at < call.Now - pastSeconds || at > call.Now + futureSeconds)
            throw Refusal.Invalid("The timestamp must be within the past 35 calendar days and not more than 5 minutes in the future.", "timestamp", "timestamp_too_far");
        var identifier = call.Sent.Str("identifier") ?? world.Ids.Next("ident", 20);
        if (world.Store.All(eventType).Any(row => row.Str("identifier") == identifier && row.Long("created") > call.Now - identifierKeptSeconds))
            throw Refusal.Invalid($"An event already exists with identifier {identifier}.", "identifier", "duplicate_meter_event");
        world.Store.Add(Json.Of(new { id = world.Ids.Next("mev"), @object = eventType, created = call.Now, customer, identifier, value, at, meter = meter.Id(), isCanceled = false }));
        return Json.Of(new { @object = "billing.meter_event", created = call.Now, event_name = name, identifier, livemode = false, timestamp = at }).With("payload", payload.Copy());
    }

    static JsonObject Adjust(Call call)
    {
        var identifier = call.Sent.Str("cancel.identifier") ?? throw Refusal.Missing("cancel[identifier]");
        var recorded = call.World.Store.All(eventType).LastOrDefault(row => row.Str("identifier") == identifier) ?? throw Refusal.NoSuch("meter event", identifier, "cancel[identifier]");
        recorded["isCanceled"] = true;
        return Json.Of(new { @object = "billing.meter_event_adjustment", cancel = new { identifier }, event_name = call.Need("event_name"), livemode = false, status = "pending", type = "cancel" });
    }

    static JsonObject Summaries(Call call)
    {
        var meter = call.Found("billing.meter");
        var (start, end) = (call.NeedInt("start_time"), call.NeedInt("end_time"));
        var window = call.Sent.Str("value_grouping_window") switch { "hour" => 3600L, "day" => 86400, _ => end - start };
        var rows = new List<JsonObject>();
        for (var from = start; from < end; from += window)
            rows.Add(call.World.New<Billing.MeterEventSummary>("mtrusg", new
            {
                aggregated_value = Aggregate(call.World, meter, call.Need("customer"), from, from + window),
                end_time = from + window,
                meter = meter.Id(),
                start_time = from,
            }));
        rows.Reverse();
        return Lists.Of(call, rows);
    }

    internal static decimal Aggregate(World world, JsonObject meter, string customer, long start, long end)
    {
        var counted = world.Store.All(eventType).Where(row => row.Str("meter") == meter.Id() && row.Str("customer") == customer && !row.Is("isCanceled") && row.Long("at") >= start && row.Long("at") < end).ToList();
        return meter.Str("default_aggregation.formula") switch
        {
            "count" => counted.Count,
            "last" => counted.MaxBy(row => row.Long("at"))?.Dec("value") ?? 0,
            _ => counted.Sum(row => row.Dec("value") ?? 0),
        };
    }

    static JsonObject? Active(World world, string name) => world.Store.Where("billing.meter", "event_name", name).Find(meter => meter.Str("status") == "active");
}
