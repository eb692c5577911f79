using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>One request, checked: who asks is known, and its parameters are those of the option class.</summary>
sealed record Call(World World, JsonObject Sent, string Path, IReadOnlyDictionary<string, string> Route)
{
    internal string Id => Route["id"];

    internal long Now => World.Now;

    internal string Need(string key) => Sent.Str(key) is { Length: > 0 } value ? value : throw Refusal.Missing(key);

    internal long NeedInt(string key) => Sent.Int(key) ?? throw Refusal.Missing(key);

    /// <summary>The object that the address names.</summary>
    internal JsonObject Found(string type) => World.Find(type, Id);

    /// <summary>The object that the parameter names, or null without it.</summary>
    internal JsonObject? Named(string type, string key) => Sent.Str(key) is { Length: > 0 } id ? World.Find(type, id, key) : null;

    internal JsonObject NeedNamed(string type, string key) => World.Find(type, Need(key), key);

    internal JsonObject List(string type, params string[] equal) => Lists.Page(this, World.Store.All(type), equal);
}
