using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Pages;

/// <summary>The pages at which people pay and choose their card, so that a whole purchase can be played on one machine. They need no key, as Stripe's need none: whoever has the address may.</summary>
static class PeoplesPages
{
    internal static void Map(WebApplication app, StripeDouble stripe)
    {
        app.MapGet("/c/pay/{id}", (string id) => ShowAsync(stripe, id, "checkout.session", CheckoutPage));
        app.MapPost("/c/pay/{id}", (string id, HttpRequest request) => ActAsync(stripe, id, "checkout.session", request, CheckoutPage, (world, session, card) =>
            CheckoutCompletion.Complete(world, session, card, null).Str("success_url") is { } done ? done.Replace("{CHECKOUT_SESSION_ID}", id, StringComparison.Ordinal) : null));
        app.MapGet("/p/session/{id}", (string id) => ShowAsync(stripe, id, "billing_portal.session", PortalPage));
        app.MapPost("/p/session/{id}", (string id, HttpRequest request) => ActAsync(stripe, id, "billing_portal.session", request, PortalPage, (world, session, card) => Choose(world, session, card)));
        app.MapGet("/i/acct_double/{id}", (string id) => ShowAsync(stripe, id, "invoice", InvoicePage));
        app.MapPost("/i/acct_double/{id}", (string id, HttpRequest request) => ActAsync(stripe, id, "invoice", request, InvoicePage, (world, invoice, card) =>
        {
            var method = PaymentMethods.Attach(world, card, world.Store[invoice.Str("customer")]!);
            return Invoicing.Collection.Attempt(world, invoice, method.Id(), isAutomatic: false) is { } refused ? throw refused : null;
        }));
    }

    static Task<IResult> ShowAsync(StripeDouble stripe, string id, string type, Func<World, JsonObject, string?, IResult> page) =>
        stripe.DoAsync(world => world.Store[id] is { } found && found.Str("object") == type ? page(world, found, null) : Page.Of("Not found", "<p>There is no such page.</p>", 404));

    /// <summary>A refusal is shown on the page; otherwise the person goes where the act says, or sees the page again.</summary>
    static async Task<IResult> ActAsync(
        StripeDouble stripe, string id, string type, HttpRequest request, Func<World, JsonObject, string?, IResult> page, Func<World, JsonObject, string, string?> act)
    {
        var card = (await request.ReadFormAsync())["card"].ToString();
        return await stripe.DoAsync(world =>
        {
            if (world.Store[id] is not { } found || found.Str("object") != type)
                return Page.Of("Not found", "<p>There is no such page.</p>", 404);
            try
            {
                return act(world, found, card) is { } next ? Results.Redirect(next) : page(world, found, null);
            }
            catch (Refusal refused)
            {
                return page(world, found, refused.Message);
            }
        });
    }

    static IResult CheckoutPage(World world, JsonObject session, string? error)
    {
        var back = session.Str("cancel_url") is { } url ? $"""<a class="back" href="{Page.Text(url)}">Back without paying</a>""" : "";
        if (session.Str("status") != "open")
            return Page.Of("Checkout", $"<p>This page is {Page.Text(session.Str("status"))}.</p>{back}");
        var currency = session.Str("currency");
        var lines = world.Store.Where("item", "_session", session.Id()).Select(line => Page.Row($"{line.Str("description")}{(line.Int("quantity") is > 1 and var many ? $" × {many}" : "")}", line.Int("quantity") is null ? "as used" : Page.Amount(line.Long("amount_subtotal"), currency)));
        var (discount, tax) = (session.Long("total_details.amount_discount"), session.Long("total_details.amount_tax"));
        return Page.Of("Checkout", $"""
            <table>{string.Concat(lines)}{(discount == 0 ? "" : Page.Row("Discount", Page.Amount(-discount, currency)))}{(tax == 0 ? "" : Page.Row("Tax", Page.Amount(tax, currency)))}{Page.Row("To pay today", Page.Amount(session.Long("amount_total"), currency), "sum")}</table>
            {Page.Error(error)}<form method="post">{Page.Cards()}<button>Pay</button></form>{back}
            """);
    }

    static IResult PortalPage(World world, JsonObject session, string? error)
    {
        var customer = world.Store[session.Str("customer")]!;
        var card = world.Store[customer.Str("invoice_settings.default_payment_method")] ?? Subscriptions(world, customer).Select(s => world.Store[s.Str("default_payment_method")]).FirstOrDefault(found => found is not null);
        var invoices = world.Store.Where("invoice", "customer", customer.Id()).Where(i => i.Str("number") is not null).TakeLast(12).Reverse().Select(i =>
            $"""<tr><td><a href="{Page.Text(i.Str("hosted_invoice_url"))}">{Page.Text(i.Str("number"))}</a> <span class="quiet">{Page.Text(i.Str("status"))}</span></td><td>{Page.Text(Page.Amount(i.Long("total"), i.Str("currency")))}</td></tr>""");
        return Page.Of("Payment method", $"""
            <p>{(card is null ? "No card yet." : $"Invoices are charged to {Page.Text(card.Str("card.brand"))} •••• {Page.Text(card.Str("card.last4"))}.")}</p>
            {Page.Error(error)}<form method="post">{Page.Cards()}<button>Use this card</button></form>
            <table>{string.Concat(invoices)}</table>{(session.Str("return_url") is { } back ? $"""<a class="back" href="{Page.Text(back)}">Back</a>""" : "")}
            """);
    }

    static IResult InvoicePage(World world, JsonObject invoice, string? error)
    {
        var currency = invoice.Str("currency");
        var lines = world.Store.Where("line_item", "invoice", invoice.Id()).Select(line => Page.Row(line.Str("description") ?? "", Page.Amount(line.Long("amount"), currency)));
        var pay = invoice.Str("status") == "open" ? $"""<form method="post">{Page.Cards()}<button>Pay</button></form>""" : $"<p>This invoice is {Page.Text(invoice.Str("status"))}.</p>";
        return Page.Of($"Invoice {invoice.Str("number")}", $"""
            <table>{string.Concat(lines)}{Page.Row("Total", Page.Amount(invoice.Long("total"), currency), "sum")}{Page.Row("Due", Page.Amount(invoice.Long("amount_remaining"), currency), "sum")}</table>{Page.Error(error)}{pay}
            """);
    }

    /// <summary>The card is the customer's from now on, and its subscriptions'.</summary>
    static string? Choose(World world, JsonObject session, string card)
    {
        var customer = world.Store[session.Str("customer")]!;
        var method = PaymentMethods.Attach(world, card, customer);
        world.Change(customer, "customer.updated", c => c["invoice_settings"]!["default_payment_method"] = method.Id());
        foreach (var subscription in Subscriptions(world, customer))
            world.Change(subscription, "customer.subscription.updated", s => s["default_payment_method"] = method.Id());
        return session.Str("return_url");
    }

    static List<JsonObject> Subscriptions(World world, JsonObject customer) =>
        world.Store.Where("subscription", "customer", customer.Id()).Where(s => s.Str("status") is not ("canceled" or "incomplete_expired")).ToList();
}
