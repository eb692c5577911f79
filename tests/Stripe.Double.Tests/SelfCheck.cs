using System.Reflection;
using System.Text.Json;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Tests;

/// <summary>
/// Stands between the SDK and the double in every test, and holds each answer against what the SDK reads and against the keys of Stripe's own
/// examples: no key that the SDK does not know, none missing that the examples have, no date that would be read as 1970, no null where a value is due.
/// </summary>
sealed class SelfCheck : DelegatingHandler
{
    // Only some lines and invoices have these; the SDK reads their absence as 1970, and so must whoever uses them know.
    static readonly string[] optionalDates = ["InvoiceParentSubscriptionDetails.subscription_proration_date", "ChargePaymentMethodDetailsCard.capture_before", "Discount.start"];
    static readonly Dictionary<string, string[]> examples = ReadExamples();

    internal SelfCheck() : base(new SocketsHttpHandler())
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            Check(JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).RootElement, null, $"{request.Method} {request.RequestUri?.AbsolutePath}");
        return response;
    }

    internal static void Check(JsonElement json, Type? expected, string where)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
                Check(item, expected, where);
            return;
        }
        if (json.ValueKind != JsonValueKind.Object || json.TryGetProperty("deleted", out _))
            return;
        var name = json.TryGetProperty("object", out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;
        var type = Shape.TypeOf(name) ?? expected;
        if (type is not null && name is not ("list" or "search_result"))
            CheckKeys(json, type, name, where);
        foreach (var key in json.EnumerateObject())
            Check(key.Value, name is "list" or "search_result" ? null : Inner(type, key.Name), $"{where} {key.Name}");
    }

    static void CheckKeys(JsonElement json, Type type, string? name, string where)
    {
        var known = Shape.Properties(type).ToDictionary(pair => pair.Key, pair => pair.Property);
        // "subscription" on an invoice is in the examples' old shape and no longer in the SDK.
        json.EnumerateObject().Select(key => key.Name).Where(key => known.Count > 0 && !known.ContainsKey(key) && key is not "previous_attributes").ShouldBeEmpty($"{where}: unknown to {type.Name}");
        var mustHave = name is null ? [] : examples.GetValueOrDefault(name, []).Where(key => known.ContainsKey(key) && !Embedded.OnRequest.Contains((name, key)) && !Embedded.All.Any(list => list.Owner == name && list.Key == key && !list.Always));
        mustHave.Where(key => !json.TryGetProperty(key, out _)).ShouldBeEmpty($"{where}: {name} lacks what Stripe's example has");
        foreach (var (key, property) in known.Where(pair => Nullable.GetUnderlyingType(pair.Value.PropertyType) is null && pair.Value.PropertyType.IsValueType))
        {
            if (optionalDates.Contains($"{type.Name}.{key}"))
                continue;
            var isThere = json.TryGetProperty(key, out var value);
            // A number or a flag that is missing is read as none, and that is what it means; a date is not.
            if (!isThere && property.PropertyType != typeof(DateTime))
                continue;
            (isThere && value.ValueKind != JsonValueKind.Null).ShouldBeTrue($"{where}: {type.Name}.{key} is missing or null, and the SDK cannot say so");
            if (property.PropertyType == typeof(DateTime))
                value.GetInt64().ShouldBeGreaterThan(946_684_800, $"{where}: {type.Name}.{key} is before 2000");
        }
    }

    static Type? Inner(Type? type, string key)
    {
        var inner = type is null ? null : Shape.Property(type, key)?.PropertyType;
        inner = inner is { IsGenericType: true } ? inner.GetGenericArguments()[^1] : inner;
        return inner is not null && typeof(StripeEntity).IsAssignableFrom(inner) ? inner : null;
    }

    static Dictionary<string, string[]> ReadExamples()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("fixture-keys.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => words[1..]);
    }
}
