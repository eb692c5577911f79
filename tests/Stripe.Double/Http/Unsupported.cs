using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>What Stripe can do and the double cannot, wherever in a request it stands. Taken without effect it would make a test believe something that is not so.</summary>
static class Unsupported
{
    static readonly string[] keys = ["application_fee_amount", "application_fee_percent", "transfer_data", "on_behalf_of", "schedule", "schedule_details", "billing_thresholds"];

    internal static void Refuse(JsonNode? sent)
    {
        switch (sent)
        {
            case JsonArray list:
                foreach (var item in list)
                    Refuse(item);
                break;
            case JsonObject json:
                if (keys.FirstOrDefault(key => json[key] is not null) is { } key)
                    throw Refusal.Invalid($"The double does not support {key}.", key);
                if (json.Is("automatic_tax.enabled"))
                    throw Refusal.Invalid("The double knows tax at fixed rates only.", "automatic_tax[enabled]");
                foreach (var (name, value) in json)
                    // Metadata may use any word.
                    if (name != "metadata")
                        Refuse(value);
                break;
        }
    }
}
