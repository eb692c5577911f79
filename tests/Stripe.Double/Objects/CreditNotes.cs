using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>What of an invoice is taken back: before it is paid it lowers what is due, afterwards it is refunded, credited to the balance, or settled elsewhere.</summary>
static class CreditNotes
{
    internal static void Map(Routes routes)
    {
        routes.Post<CreditNoteCreateOptions>("/v1/credit_notes", Create);
        routes.Get<CreditNotePreviewOptions>("/v1/credit_notes/preview", Preview);
        routes.Retrieve("/v1/credit_notes/{id}", "credit_note");
        routes.Post<CreditNoteUpdateOptions>("/v1/credit_notes/{id}", call => call.World.Change(call.Found("credit_note"), "credit_note.updated", note => note.Take(call.Sent, "memo", "metadata")));
        routes.Get<CreditNoteListOptions>("/v1/credit_notes", call => call.List("credit_note", "customer", "invoice"));
        routes.Get<CreditNoteListLineItemsOptions>("/v1/credit_notes/{id}/lines", call => Lists.Of(call, call.World.Store.Where("credit_note_line_item", "_credit_note", call.Found("credit_note").Id())));
        routes.Post<CreditNoteVoidOptions>("/v1/credit_notes/{id}/void", Void);
    }

    static JsonObject Preview(Call call)
    {
        var before = call.World.Snapshot();
        var preview = call.World.Render(Create(call));
        call.World.Restore(before);
        return preview;
    }

    static JsonObject Create(Call call)
    {
        var (world, sent) = (call.World, call.Sent);
        var invoice = call.NeedNamed("invoice", "invoice");
        if (invoice.Str("status") is not ("open" or "paid" or "uncollectible"))
            throw Refusal.Invalid($"You can only create a credit note for an invoice that is open, paid or uncollectible; {invoice.Id()} is {invoice.Str("status")}.", "invoice");
        var lines = CreditNoteLines.Of(world, invoice, sent);
        var total = lines.Sum(line => Net(line) + Tax(line, "exclusive"));
        var issued = world.Store.Where("credit_note", "invoice", invoice.Id()).Where(note => note.Str("status") == "issued").ToList();
        if (total <= 0 || total > invoice.Long("total") - issued.Sum(note => note.Long("total")))
            throw Refusal.Invalid($"The credit note total ({total}) is more than what can still be credited on this invoice.", "amount", "credit_note_amount_too_large");
        var isPaid = invoice.Str("status") == "paid";
        var parts = (Refund: sent.Long("refund_amount"), Credit: sent.Long("credit_amount"), Elsewhere: sent.Long("out_of_band_amount"), Linked: sent.Objects("refunds").Sum(one => one.Int("amount_refunded") ?? world.Find("refund", one.Str("refund"), "refunds").Long("amount")));
        if (isPaid && parts.Refund + parts.Credit + parts.Elsewhere + parts.Linked != total)
            throw Refusal.Invalid($"The sum of credit amount, refund amount and out of band amount ({parts.Refund + parts.Credit + parts.Elsewhere + parts.Linked}) must equal the credit note amount ({total}).");
        if (!isPaid && parts != default)
            throw Refusal.Invalid("You can only refund, credit or settle a credit note outside of Stripe on an invoice that is paid.");
        var note = Store(world, invoice, sent, lines, total, issued.Count + 1, isPaid);
        if (isPaid)
            GiveBack(world, invoice, note, sent);
        else
            Lower(world, invoice, total);
        world.Emit("credit_note.created", note);
        return note;
    }

    static JsonObject Store(World world, JsonObject invoice, JsonObject sent, List<JsonObject> lines, long total, int sequence, bool isPaid)
    {
        var net = lines.Sum(Net);
        var note = world.Add<CreditNote>("cn", new
        {
            total,
            amount = total,
            currency = invoice.Str("currency"),
            customer = invoice.Str("customer"),
            discount_amount = lines.Sum(line => line.Long("discount_amount")),
            discount_amounts = Array.Empty<object>(),
            effective_at = sent.Int("effective_at") ?? world.Now,
            invoice = invoice.Id(),
            number = $"{invoice.Str("number")}-CN-{sequence:D2}",
            out_of_band_amount = sent.Int("out_of_band_amount"),
            pdf = $"https://pay.stripe.com/credit_notes/acct_double/{invoice.Id()}/pdf",
            post_payment_amount = isPaid ? total : 0,
            pre_payment_amount = isPaid ? 0 : total,
            pretax_credit_amounts = Array.Empty<object>(),
            refunds = Array.Empty<object>(),
            status = "issued",
            subtotal = lines.Sum(line => line.Long("amount")),
            subtotal_excluding_tax = lines.Sum(line => line.Long("amount")) - lines.Sum(line => Tax(line, "inclusive")),
            total_excluding_tax = net - lines.Sum(line => Tax(line, "inclusive")),
            type = isPaid ? "post_payment" : "pre_payment",
            _account = invoice.Str("_account"),
        }).Take(sent, "memo", "metadata", "reason");
        note["total_taxes"] = lines.SelectMany(line => line.Objects("taxes")).GroupBy(tax => tax.Str("tax_rate_details.tax_rate"))
            .Select(group => (JsonNode)group.First().Copy().Set(new { amount = group.Sum(tax => tax.Long("amount")), taxable_amount = group.Sum(tax => tax.Long("taxable_amount")) })).Array();
        foreach (var line in lines)
            world.Store.Add(line.Set(new { _credit_note = note.Id() }));
        return note;
    }

    static void GiveBack(World world, JsonObject invoice, JsonObject note, JsonObject sent)
    {
        invoice["post_payment_credit_notes_amount"] = invoice.Long("post_payment_credit_notes_amount") + note.Long("total");
        if (sent.Long("refund_amount") is > 0 and var amount)
        {
            var intent = world.Store[InvoicePayments.Of(world, invoice)?.Str("payment.payment_intent")];
            var charge = world.Store[intent?.Str("latest_charge")] ?? throw Refusal.Invalid("This invoice has no charge that could be refunded.", "refund_amount");
            Link(note, Refunds.New(world, charge, amount, null, null).Id(), amount);
        }
        foreach (var linked in sent.Objects("refunds"))
            Link(note, linked.Str("refund")!, linked.Int("amount_refunded") ?? world.Store[linked.Str("refund")]!.Long("amount"));
        if (sent.Long("credit_amount") is > 0 and var credit)
            note["customer_balance_transaction"] = CustomerBalance.Post(world, world.Store[invoice.Str("customer")]!, -credit, invoice.Str("currency")!, "credit_note", invoice.Id(), note.Id()).Id();
    }

    static void Link(JsonObject note, string refund, long amount) => note.Arr("refunds")!.Add(Json.Of(new { amount_refunded = amount, payment_record_refund = (object?)null, refund, type = "refund" }));

    // What is due goes down, and with it what its payment asks for. Nothing left is as good as paid.
    static void Lower(World world, JsonObject invoice, long by)
    {
        invoice["pre_payment_credit_notes_amount"] = invoice.Long("pre_payment_credit_notes_amount") + by;
        var due = Math.Max(0, invoice.Long("amount_due") - by);
        world.Change(invoice, "invoice.updated", _ => invoice.Set(new { amount_due = due, amount_remaining = due }));
        if (InvoicePayments.Of(world, invoice) is not { } payment)
            return;
        payment["amount_requested"] = due;
        world.Store[payment.Str("payment.payment_intent")]!["amount"] = due;
        if (due > 0)
            return;
        InvoicePayments.Cancel(world, invoice);
        InvoiceLife.MarkPaid(world, invoice);
    }

    static JsonObject Void(Call call)
    {
        var note = call.Found("credit_note");
        var invoice = call.World.Store[note.Str("invoice")]!;
        if (note.Str("status") == "void" || invoice.Str("status") != "open")
            throw Refusal.Invalid("You can only void a credit note that is issued, on an invoice that is open.");
        note.Set(new { status = "void", voided_at = call.Now });
        Lower(call.World, invoice, -note.Long("total"));
        call.World.Emit("credit_note.voided", note);
        return note;
    }

    static long Net(JsonObject line) => line.Long("amount") - line.Long("discount_amount");

    static long Tax(JsonObject line, string behavior) => line.Objects("taxes").Where(tax => tax.Str("tax_behavior") == behavior).Sum(tax => tax.Long("amount"));
}
