using System.Net;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Transfers;

/// <summary>Which of Stripe's answers say that nothing has happened, and which leave it open.</summary>
static class StripeAnswers
{
    /// <summary>Stripe looked at the request and did not do it. A conflict, a limit or an error of Stripe's own is no such answer.</summary>
    internal static bool IsDefinite(this StripeException error) =>
        error.HttpStatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not (HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);

    internal static bool IsUnclear(Exception error, CancellationToken cancel) => error switch
    {
        StripeException answered => !answered.IsDefinite(),
        HttpRequestException or IOException => true,
        // The client's own time limit, and not somebody who has stopped waiting.
        OperationCanceledException => !cancel.IsCancellationRequested,
        _ => false,
    };

    /// <param name="account">A connected account; null for the operator's own.</param>
    internal static async Task<(long Available, long Pending)> ReadBalanceAsync(this IStripeClient stripe, string? account, string currency, CancellationToken cancel)
    {
        var balance = await new BalanceService(stripe).GetAsync(requestOptions: new() { StripeAccount = account }, cancellationToken: cancel);
        return (balance.Available.Where(a => a.Currency == currency).Sum(a => a.Amount), balance.Pending.Where(a => a.Currency == currency).Sum(a => a.Amount));
    }
}
