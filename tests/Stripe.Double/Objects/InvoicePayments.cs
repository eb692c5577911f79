using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Which payment belongs to which invoice. It is the only way from a charge to its invoice.</summary>
static class InvoicePayments
{
    internal static void Map(Routes routes)
    {
        routes.Retrieve("/v1/invoice_payments/{id}", "invoice_payment");
        routes.Get<InvoicePaymentListOptions>("/v1/invoice_payments", List);
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("invoice_payment");
        if (call.Sent.Obj("payment") is { } payment)
            rows = rows.Where(row => row.Str("payment.type") == (payment.Str("type") ?? throw Refusal.Missing("payment[type]"))
                && (payment.Str("payment_intent") is not { } intent || row.Str("payment.payment_intent") == intent));
        return Lists.Page(call, rows, "invoice", "status");
    }

    internal static JsonObject New(World world, JsonObject invoice, JsonObject intent) => world.Add<InvoicePayment>("inpay", new
    {
        amount_paid = (long?)null,
        amount_requested = invoice.Long("amount_due"),
        currency = invoice.Str("currency"),
        invoice = invoice.Id(),
        is_default = true,
        payment = new { payment_intent = intent.Id(), type = "payment_intent" },
        status = "open",
        status_transitions = new { canceled_at = (long?)null, paid_at = (long?)null },
        _account = invoice.Str("_account"),
    });

    /// <summary>The payment that an open invoice is to be paid by, or null.</summary>
    internal static JsonObject? Of(World world, JsonObject invoice) => world.Store.Where("invoice_payment", "invoice", invoice.Id()).Find(payment => payment.Str("status") != "canceled");

    internal static void Pay(World world, JsonObject payment)
    {
        payment.Set(new { amount_paid = payment.Long("amount_requested"), status = "paid" });
        payment["status_transitions"]!["paid_at"] = world.Now;
        world.Emit("invoice_payment.paid", payment);
    }

    internal static void Cancel(World world, JsonObject invoice)
    {
        if (Of(world, invoice) is not { } payment || payment.Str("status") != "open")
            return;
        payment["status"] = "canceled";
        payment["status_transitions"]!["canceled_at"] = world.Now;
        PaymentIntents.Close(world, world.Store[payment.Str("payment.payment_intent")]!, "void_invoice");
    }
}
