using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>
/// What each item of a subscription was last debited: for which time, and how much after discounts. In the flexible billing mode a credit gives back
/// that, and not the list price.
/// </summary>
static class Debits
{
    internal static void Note(World world, JsonObject invoice)
    {
        foreach (var line in world.Store.Where("line_item", "invoice", invoice.Id()))
        {
            // A credit, and usage that was billed afterwards, are nothing that could be given back.
            if (world.Store[line.Str("parent.subscription_item_details.subscription_item")] is not { } item || line.Long("amount") < 0 || line.Long("period.end") <= world.Now || line.Is("_usage"))
                continue;
            // What had waited for an invoice is the item's last debit only until another change has debited it again.
            if (line.Str("parent.subscription_item_details.invoice_item") is { } waited && item.Str("_debit.waits") != waited)
                continue;
            item["_debit"] = Json.Of(new { amount = Totals.Net(line), start = line.Long("period.start"), end = line.Long("period.end"), invoice = invoice.Id(), line = line.Id() });
        }
    }

    /// <summary>What is given back when the item ends at the moment.</summary>
    internal static long Unused(JsonObject item, long at)
    {
        if (item.Obj("_debit") is not { } debit || at >= debit.Long("end"))
            return 0;
        var from = Math.Max(at, debit.Long("start"));
        return Money.Round((decimal)debit.Long("amount") * (debit.Long("end") - from) / (debit.Long("end") - debit.Long("start")));
    }
}
