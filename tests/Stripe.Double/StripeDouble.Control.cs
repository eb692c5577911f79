using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Control;
using Stripe.Double.Http;
using Stripe.Double.Objects;
using Stripe.Double.State;
using Stripe.Double.Webhooks;

namespace Stripe.Double;

/// <summary>What Stripe's customers, banks and time do, done on demand. The same over HTTP under /_double.</summary>
public sealed partial class StripeDouble
{
    /// <summary>The virtual time, to the second.</summary>
    public Task<DateTimeOffset> NowAsync() => DoAsync(world => DateTimeOffset.FromUnixTimeSeconds(world.Now));

    /// <summary>Moves the virtual time on, and runs whatever becomes due on the way, each at its moment.</summary>
    public Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return DoAsync(world =>
        {
            world.Clock.OffsetSeconds += (long)by.TotalSeconds;
            DueWork.Run(world);
            return true;
        });
    }

    /// <summary>Fills in the checkout page with a card of the documentation, such as pm_card_visa.</summary>
    /// <exception cref="StripeException">The card was declined; the session stays open.</exception>
    public Task<JsonObject> CompleteCheckoutAsync(string sessionId, string card = "pm_card_visa", string? email = null) =>
        ControlAsync(world => CheckoutCompletion.Complete(world, world.Find("checkout.session", sessionId), card, email));

    /// <summary>The customer passes the authentication that their bank asked for, and the payment goes on.</summary>
    public Task<JsonObject> AuthenticateAsync(string paymentIntentId) => ControlAsync(world => Acts.Authenticate(world, world.Find("payment_intent", paymentIntentId)));

    /// <summary>Makes a card behave otherwise from now on.</summary>
    public Task<JsonObject> SetCardAsync(string paymentMethodId, CardDoes does) => ControlAsync(world => world.Find("payment_method", paymentMethodId).With("_does", does.ToString()));

    /// <summary>The customer's bank takes a payment back; an inquiry only asks.</summary>
    public Task<JsonObject> OpenDisputeAsync(string chargeId, string reason = "fraudulent", bool isInquiry = false, long? amount = null) =>
        ControlAsync(world => Disputes.Open(world, Acts.Anywhere(world, "charge", chargeId), reason, isInquiry, amount));

    public Task<JsonObject> WinDisputeAsync(string disputeId) => ControlAsync(world => Disputes.Win(world, Acts.Anywhere(world, "dispute", disputeId)));

    public Task<JsonObject> LoseDisputeAsync(string disputeId) => ControlAsync(world => Disputes.Lose(world, Acts.Anywhere(world, "dispute", disputeId)));

    /// <summary>An inquiry becomes a dispute.</summary>
    public Task<JsonObject> EscalateDisputeAsync(string disputeId) => ControlAsync(world => Disputes.Escalate(world, Acts.Anywhere(world, "dispute", disputeId)));

    /// <summary>The bank sends a refund back.</summary>
    public Task<JsonObject> FailRefundAsync(string refundId, string reason = "expired_or_canceled_card") => ControlAsync(world => Acts.FailRefund(world, refundId, reason));

    /// <summary>The bank sends a payout back.</summary>
    public Task<JsonObject> FailPayoutAsync(string payoutId, string code = "account_closed") => ControlAsync(world => Payouts.Fail(world, Acts.Anywhere(world, "payout", payoutId), code));

    /// <summary>A connected account passes its onboarding, or loses what it had.</summary>
    public Task<JsonObject> EnableAccountAsync(string accountId, bool isEnabled = true) => ControlAsync(world => Accounts.Enable(world, Acts.Anywhere(world, "account", accountId), isEnabled));

    /// <summary>Money on the platform's available balance that came from nowhere, so that a transfer can be made.</summary>
    public Task<JsonObject> AddFundsAsync(long amount, string currency) =>
        ControlAsync(world => BalanceTransactions.Post(world, null, "topup", "topup", world.Ids.Next("tu"), new(amount, currency, null)));

    /// <summary>An object as the API would give it, whatever account it belongs to.</summary>
    public Task<JsonObject> InspectAsync(string id) => ControlAsync(world => world.Store[id] ?? throw Refusal.NoSuch("object", id));

    /// <summary>Plans what goes wrong with requests.</summary>
    public void Plan(Fault fault) => faults.Add(fault);

    /// <summary>Plans what goes wrong with deliveries.</summary>
    public void Plan(WebhookFault fault) => sender.Plan(fault);

    public void ClearFaults()
    {
        faults.Clear();
        sender.ClearFaults();
    }

    /// <summary>Called before an event is posted and after it was answered: the moments at which a test may break something.</summary>
    public void WatchWebhooks(Func<WebhookAttempt, Task>? before = null, Func<WebhookAttempt, Task>? after = null) => (sender.Before, sender.After) = (before, after);

    /// <summary>Sends every event that is ready and waits for the answers. Returns how many were tried.</summary>
    public async Task<int> DeliverAsync(CancellationToken cancel = default)
    {
        await AloneAsync(_ => true);
        return await sender.SendReadyAsync(cancel);
    }

    /// <summary>Sends an event to every endpoint once more, as the dashboard's button does.</summary>
    public async Task RedeliverAsync(string eventId, CancellationToken cancel = default)
    {
        await AloneAsync(world => Acts.Redeliver(world, eventId));
        await sender.SendReadyAsync(cancel);
    }

    /// <summary>The whole state, to come back to with <see cref="RestoreAsync"/>. Planned faults are not in it.</summary>
    public Task<JsonObject> SnapshotAsync() => AloneAsync(world => world.Snapshot());

    public Task RestoreAsync(JsonObject snapshot) => AloneAsync(world =>
    {
        world.Restore(snapshot.Copy());
        return true;
    });

    async Task<JsonObject> ControlAsync(Func<World, JsonObject> act)
    {
        try
        {
            return await DoAsync(world => world.Render(act(world)));
        }
        catch (Refusal refusal)
        {
            throw new StripeException(refusal.Message) { StripeError = new StripeError { Code = refusal.Code, DeclineCode = refusal.DeclineCode, Message = refusal.Message } };
        }
    }
}
