using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/transfer-reversals</summary>
static class ReverseTransfers
{
    static readonly Problem NothingToReverse = new("nothing_to_reverse", 409, "The party owes nothing that a transfer to it could give back, or its account holds nothing.");
    static readonly Problem Unanswered = new("provider_unavailable", 503, "The payment provider does not answer at the moment. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(30) };

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/transfer-reversals", HandleAsync)
        .Describe(
            "Operator", "reverse_transfers", "Take back what a party owes from transfers to it",
            "The newest transfer first, up to what it owes and what its account holds. Done within minutes; each is booked when it has happened. What shares to come would pay anyway need not be taken back.")
        .AllowOperator(TokenScopes.PayoutApprove)
        .WithMetadata(new DecisionCall())
        .Example(new ReverseTransfersRequest("USD", 182))
        .Answers<TransferReversalsResponse>(201)
        .Refuses(PartyReading.PartyNotFound, PartyReading.CurrencyInvalid, PartyReading.StripeMissing, NothingToReverse, Unanswered);

    static async Task<Answer<TransferReversalsResponse>> HandleAsync(
        string id, ReverseTransfersRequest request, Caller caller, ControlPlaneDb db, IEnumerable<IReversibleRail> rails, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        if (!Currency.TryParse(request.Currency, out var currency))
            return PartyReading.CurrencyInvalid;
        if (rails.FirstOrDefault(r => r.Rail == PayoutRail.StripeTransfer) is not { } rail)
            return PartyReading.StripeMissing;
        try
        {
            var held = await rail.ReadReversibleAsync(party.Destination, currency, cancel);
            var atMost = request.AmountMinor is { } wanted && wanted < held.Minor ? new Money(wanted, currency) : held;
            var planned = await db.PlanReversalsAsync(party.Party, atMost, rail.Rail, caller.OperatorActor, billing, cancel);
            if (planned is [])
                return NothingToReverse;
            foreach (var reversal in planned)
                db.Write(null, caller.OperatorActor, "transfer_reversal.created", reversal.Id.ToString(), $"{reversal.Amount} of {reversal.PayoutId} from {party.Party}", clock);
            return Answer.Created(new TransferReversalsResponse([.. planned.Select(r => r.ToResource())]));
        }
        catch (TransferUnclearException)
        {
            return Unanswered;
        }
    }
}
