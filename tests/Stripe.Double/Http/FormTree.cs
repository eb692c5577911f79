using System.Text.Json.Nodes;

namespace Stripe.Double.Http;

/// <summary>
/// A form body or a query string as a tree: items[0][price]=p is {"items":{"0":{"price":"p"}}}. What is a list and what a number the reader of
/// the tree knows from the option class (<see cref="Parameters"/>).
/// </summary>
static class FormTree
{
    const int depthMax = 12;

    internal static JsonObject Parse(string text)
    {
        var root = new JsonObject();
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            Put(root, Decode(cut < 0 ? pair : pair[..cut]), cut < 0 ? "" : Decode(pair[(cut + 1)..]));
        }
        return root;
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    // name[key][key]: every key but the last is a branch; an empty key appends.
    static void Put(JsonObject root, string name, string value)
    {
        var keys = name.Replace("]", "", StringComparison.Ordinal).Split('[');
        if (keys.Length > depthMax)
            throw Refusal.Invalid($"Invalid request: {keys[0]} is nested too deeply.", keys[0]);
        var branch = root;
        foreach (var key in keys[..^1])
        {
            var step = key.Length == 0 ? $"{branch.Count}" : key;
            if (branch[step] is not JsonObject next)
                branch[step] = next = [];
            branch = next;
        }
        branch[keys[^1].Length == 0 ? $"{branch.Count}" : keys[^1]] = value;
    }
}
