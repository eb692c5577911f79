using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;

namespace Stripe.Double.State;

/// <summary>
/// Everything the double knows. One lock guards it: requests, the clock's work and the control calls run one after another, as if Stripe were one
/// thread. Whoever holds a World in hand is inside of the lock.
/// </summary>
sealed class World(StripeDoubleOptions options)
{
    internal StripeDoubleOptions Options => options;

    internal Store Store { get; } = new();

    internal Ids Ids { get; } = new(options.Seed);

    /// <summary>Of requests; counted apart, so that looking at something changes no object's id.</summary>
    internal Ids RequestIds { get; } = new(options.Seed);

    internal VirtualClock Clock { get; } = new(options.Clock);

    /// <summary>The connected account that the request speaks for, or null for the platform.</summary>
    internal string? Account { get; set; }

    /// <summary>The request being served; events name it.</summary>
    internal (string? Id, string? IdempotencyKey) Request { get; set; }

    internal long Now => Clock.Now;

    /// <summary>A new object of the SDK's class, not yet stored.</summary>
    internal JsonObject New<T>(string prefix, object fields)
    {
        var json = Shape.Of<T>();
        json["id"] = Ids.Next(prefix);
        if (Shape.Property(typeof(T), "created") is not null)
            json["created"] = Now;
        if (Account is not null)
            json["_account"] = Account;
        return json.Set(fields);
    }

    internal JsonObject Add<T>(string prefix, object fields) => Store.Add(New<T>(prefix, fields));

    /// <summary>The object, or Stripe's refusal when there is none of that type for this account.</summary>
    internal JsonObject Find(string type, string? id, string param = "id") =>
        Store[id] is { } json && json.Str("object") == type && json.Str("_account") == Account && !json.Is("_deleted") ? json : throw Refusal.NoSuch(type, id, param);

    internal JsonObject Render(JsonObject json, IEnumerable<string>? expand = null) => Rendering.Render(this, json, expand);

    /// <summary>Records an event about the object as it is now, and one delivery for each endpoint that wants it.</summary>
    internal void Emit(string type, JsonObject json, JsonObject? previous = null) => Webhooks.Events.Emit(this, type, json, previous);

    /// <summary>Changes the object, and records an event that says what was there before; none when nothing changed.</summary>
    internal JsonObject Change(JsonObject json, string eventType, Action<JsonObject> change)
    {
        var before = Render(json);
        change(json);
        var after = Render(json);
        var previous = new JsonObject(before.Where(pair => !JsonNode.DeepEquals(pair.Value, after[pair.Key])).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        if (previous.Count > 0)
            Emit(eventType, json, previous);
        return json;
    }

    internal JsonObject Snapshot() => new()
    {
        ["store"] = Store.Snapshot(),
        ["ids"] = Ids.Given,
        ["clock"] = Clock.OffsetSeconds,
    };

    internal void Restore(JsonObject snapshot)
    {
        Store.Restore(snapshot.Obj("store")!);
        Ids.Given = (ulong)snapshot.Long("ids");
        Clock.OffsetSeconds = snapshot.Long("clock");
    }
}
