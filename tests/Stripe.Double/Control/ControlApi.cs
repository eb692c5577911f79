using System.Text.Json.Nodes;
using Stripe.Double.Objects;
using Stripe.Double.Webhooks;

namespace Stripe.Double.Control;

/// <summary>/_double: what StripeDouble's own methods do, over HTTP. It needs no key; the double listens on loopback only.</summary>
static class ControlApi
{
    internal sealed record Advance(long Seconds);

    internal sealed record Completion(string? Card, string? Email);

    internal sealed record Card(CardDoes Does);

    internal sealed record NewDispute(string? Reason, bool Inquiry, long? Amount);

    internal sealed record Reason(string? Text);

    internal sealed record Enabled(bool Value);

    internal sealed record Funds(long Amount, string Currency);

    internal sealed record Held(bool Value);

    internal static void Map(WebApplication app, StripeDouble stripe)
    {
        var control = app.MapGroup("/_double").AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (StripeException refused)
            {
                return Results.Json(new { code = refused.StripeError?.Code, message = refused.Message }, statusCode: 409);
            }
        });
        control.MapGet("/clock", async () => new { now = await stripe.NowAsync() });
        control.MapPost("/clock/advance", async (Advance advance) =>
        {
            await stripe.AdvanceAsync(TimeSpan.FromSeconds(advance.Seconds));
            return new { now = await stripe.NowAsync() };
        });
        control.MapGet("/objects/{id}", (string id) => stripe.InspectAsync(id));
        control.MapPost("/checkout/{id}/complete", (string id, Completion completion) => stripe.CompleteCheckoutAsync(id, completion.Card ?? "pm_card_visa", completion.Email));
        control.MapPost("/payment_intents/{id}/authenticate", (string id) => stripe.AuthenticateAsync(id));
        control.MapPost("/payment_methods/{id}", (string id, Card card) => stripe.SetCardAsync(id, card.Does));
        control.MapPost("/charges/{id}/dispute", (string id, NewDispute dispute) => stripe.OpenDisputeAsync(id, dispute.Reason ?? "fraudulent", dispute.Inquiry, dispute.Amount));
        control.MapPost("/disputes/{id}/win", (string id) => stripe.WinDisputeAsync(id));
        control.MapPost("/disputes/{id}/lose", (string id) => stripe.LoseDisputeAsync(id));
        control.MapPost("/disputes/{id}/escalate", (string id) => stripe.EscalateDisputeAsync(id));
        control.MapPost("/refunds/{id}/fail", (string id, Reason reason) => stripe.FailRefundAsync(id, reason.Text ?? "expired_or_canceled_card"));
        control.MapPost("/payouts/{id}/fail", (string id, Reason reason) => stripe.FailPayoutAsync(id, reason.Text ?? "account_closed"));
        control.MapPost("/accounts/{id}/enable", (string id, Enabled enabled) => stripe.EnableAccountAsync(id, enabled.Value));
        control.MapPost("/funds", (Funds funds) => stripe.AddFundsAsync(funds.Amount, funds.Currency));
        MapFaultsAndWebhooks(control, stripe);
    }

    static void MapFaultsAndWebhooks(RouteGroupBuilder control, StripeDouble stripe)
    {
        control.MapPost("/faults", (Fault fault) => stripe.Plan(fault));
        control.MapPost("/webhooks/faults", (WebhookFault fault) => stripe.Plan(fault));
        control.MapDelete("/faults", stripe.ClearFaults);
        control.MapPost("/webhooks/hold", (Held held) => stripe.HoldsWebhooks = held.Value);
        control.MapPost("/webhooks/deliver", async (CancellationToken cancel) => new { attempts = await stripe.DeliverAsync(cancel) });
        control.MapPost("/webhooks/{id}/redeliver", (string id, CancellationToken cancel) => stripe.RedeliverAsync(id, cancel));
        control.MapGet("/snapshot", stripe.SnapshotAsync);
        control.MapPut("/snapshot", (JsonObject snapshot) => stripe.RestoreAsync(snapshot));
    }
}
