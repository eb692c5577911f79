using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/write-offs</summary>
static class WriteOffDebt
{
    static readonly Problem TooSoon = new("debt_too_young", 409, "The party has not owed that much for long enough.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/write-offs", HandleAsync)
        .Describe("Operator", "write_off_debt", "Give up what a party owes", "Of what it has owed for 90 days and owes still. Whoever calls is named as who approved it.")
        .AllowOperator(TokenScopes.PayoutApprove)
        .Example(new WriteOffDebtRequest("USD", 182, "the company is no more"))
        .Answers<JournalResource>(201)
        .Refuses(PartyReading.PartyNotFound, PartyReading.CurrencyInvalid, ClawBack.AboveDebt, TooSoon);

    static async Task<Answer<JournalResource>> HandleAsync(
        string id, WriteOffDebtRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, IOptions<PayoutOptions> options, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        if (!Currency.TryParse(request.Currency, out var currency))
            return PartyReading.CurrencyInvalid;
        if ((await db.LockDebtAsync(party.Party, currency, null, cancel)).Minor < request.AmountMinor)
            return ClawBack.AboveDebt;
        if ((await db.LockDebtAsync(party.Party, currency, billing.GetUtcNow() - options.Value.WriteOffAfter, cancel)).Minor < request.AmountMinor)
            return TooSoon;
        var amount = new Money(request.AmountMinor, currency);
        var posted = await db.WriteOffDebtAsync(party.Party, amount, $"{request.Reason} (approved by {caller.Person.Email})", mode.By(caller.OperatorActor.Id), billing, cancel);
        db.Write(null, caller.OperatorActor, "party.debt_written_off", party.Party.ToString(), $"{amount}, {request.Reason}", clock);
        return Answer.Created(await db.ToResourceAsync(posted.Id, cancel));
    }
}
