using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/clawbacks</summary>
static class ClawBack
{
    internal static readonly Problem AboveDebt = new("amount_exceeds_debt", 409, "The party does not owe that much.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/clawbacks", HandleAsync)
        .Describe("Operator", "claw_back", "Record that a party has paid what it owed", "What a party owes is first taken out of its future shares by itself. The same reference records nothing twice.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ClawBackRequest("USD", 1182, "bank", "SEPA 4711"))
        .Answers<JournalResource>(201, 200)
        .Refuses(PartyReading.PartyNotFound, PartyReading.CurrencyInvalid, AboveDebt);

    static async Task<Answer<JournalResource>> HandleAsync(
        string id, ClawBackRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        if (!Currency.TryParse(request.Currency, out var currency))
            return PartyReading.CurrencyInvalid;
        var source = PartyDebts.ClawbackId(party.Party, request.Reference);
        if (await db.Journals.SingleOrDefaultAsync(j => j.SourceType == PartyDebts.ClawbackType && j.SourceId == source && j.Kind == JournalKind.Clawback, cancel) is { } earlier)
            return await db.ToResourceAsync(earlier.Id, cancel);
        if ((await db.LockDebtAsync(party.Party, currency, null, cancel)).Minor < request.AmountMinor)
            return AboveDebt;
        var into = request.Into switch { "bank" => AccountCode.Bank, "stripe" => AccountCode.Stripe, _ => AccountCode.Receivable };
        var amount = new Money(request.AmountMinor, currency);
        var posted = await db.ClawBackAsync(party.Party, amount, into, request.Reference, mode.By(caller.OperatorActor.Id), billing, cancel);
        db.Write(null, caller.OperatorActor, "party.clawed_back", party.Party.ToString(), $"{amount} into {request.Into}, {request.Reference}", clock);
        return Answer.Created(await db.ToResourceAsync(posted.Id, cancel));
    }
}
