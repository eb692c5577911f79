using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Provisioner.Webhooks;

/// <summary>Sends one delivery until it arrives: at once, and then with growing pauses for three days. What was not taken by then is dead, and can be sent again by hand.</summary>
sealed class DeliverWebhook : Workflow
{
    internal static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(3);
    static readonly TimeSpan[] pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6),
    ];
    static readonly TimeSpan busyPause = TimeSpan.FromSeconds(1), disabledPause = TimeSpan.FromMinutes(10);

    public DeliverWebhook(WebhookSender sender, SecretSealer sealer, IOptions<WebhookOptions> options, Random random) =>
        Step(Kind.FirstStep, async (context, cancel) =>
        {
            if (!DeliveryId.TryParse(context.GetData<DeliverData>().Delivery, out var id)
                || await context.Db.WebhookDeliveries.SingleOrDefaultAsync(d => d.Id == id, cancel) is not { State: DeliveryState.Pending } delivery
                || await context.Db.WebhookEndpoints.AsNoTracking().SingleOrDefaultAsync(e => e.Id == delivery.WebhookId, cancel) is not { } endpoint)
                return StepResult.Finished; // It was deleted, or has arrived.
            var now = context.Clock.GetUtcNow();
            var isOver = now - context.Operation.CreatedAt >= GivenUpAfter;
            if (endpoint.DisabledAt is not null)
                return isOver ? End(delivery, now, new SendResult(null, "The webhook is disabled.")) : new StepResult.Wait(disabledPause);

            var signature = WebhookSignature.Sign(delivery.Payload, now, OpenSecrets(endpoint, sealer, now));
            // Also where it was acceptable once: the operator may have changed what is.
            var result = WebhookTargets.IsAcceptable(endpoint.Url, options.Value)
                ? await sender.TrySendAsync(new Uri(endpoint.Url), delivery.Id.ToString(), delivery.Payload, signature, cancel)
                : new SendResult(null, "The address is not one of the public internet.");
            if (result is null)
                return new StepResult.Wait(busyPause);
            delivery.Tries++;
            (delivery.TriedAt, delivery.Status, delivery.Error) = (now, result.Status, result.Error);
            if (result.Error is null || isOver)
                return End(delivery, now, result);
            var pause = pauses[Math.Min(delivery.Tries - 1, pauses.Length - 1)] * (0.8 + 0.4 * random.NextDouble());
            delivery.NextTryAt = now + pause;
            return new StepResult.Wait(pause);
        });

    public override OperationKind Kind => OperationKinds.WebhookDeliver;

    static StepResult End(WebhookDelivery delivery, DateTimeOffset now, SendResult result)
    {
        (delivery.State, delivery.Error, delivery.NextTryAt) = (result.Error is null ? DeliveryState.Delivered : DeliveryState.Dead, result.Error, null);
        delivery.DeliveredAt = result.Error is null ? now : null;
        // Given up as an operation too would tell the operator of what is the reseller's to mend.
        return StepResult.Finished;
    }

    static IEnumerable<string> OpenSecrets(WebhookEndpoint endpoint, SecretSealer sealer, DateTimeOffset now)
    {
        string Open(string text) => sealer.Open(endpoint.OrganizationId, SecretPurposes.WebhookSecret, endpoint.Id.ToString(), text);
        yield return Open(endpoint.SealedSecret);
        if (endpoint.SealedPreviousSecret is { } previous && endpoint.PreviousSecretExpiresAt > now)
            yield return Open(previous);
    }
}
