using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>POST /v1/operator/ledger/conversions</summary>
static class RecordConversion
{
    static readonly Problem SameCurrency = new("currencies_equal", 400, "Money is converted from one currency into another.");
    static readonly Problem Differs = new("conversion_differs", 409, "Another conversion was recorded with this reference.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/ledger/conversions", HandleAsync)
        .Describe("Operator", "record_conversion", "Record that a currency became another", "On the bank's account or at Stripe. Each currency balances on its own, against the account FX. The same reference records nothing twice.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new RecordConversionRequest("bank", 10_000, "EUR", 10_830, "USD", "FX 4711"))
        .Answers<JournalResource>(201, 200)
        .Refuses(PartyReading.CurrencyInvalid, SameCurrency, Differs);

    static async Task<Answer<JournalResource>> HandleAsync(
        RecordConversionRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (!Currency.TryParse(request.SoldCurrency, out var from) || !Currency.TryParse(request.BoughtCurrency, out var to))
            return PartyReading.CurrencyInvalid;
        if (from == to)
            return SameCurrency;
        var (sold, bought) = (new Money(request.SoldMinor, from), new Money(request.BoughtMinor, to));
        var source = new JournalSource("conversion", request.Reference, request.At?.ToUniversalTime() ?? billing.GetUtcNow(), Correlation: request.Reference);
        var draft = PayoutPostings.Converted(source, request.Account == "bank" ? AccountCode.Bank : AccountCode.Stripe, sold, bought);
        PostedJournal posted;
        try
        {
            posted = await db.PostAsync(draft, mode.By(caller.OperatorActor.Id), billing, cancel);
        }
        catch (PostedOtherwiseException)
        {
            return Differs;
        }
        if (!posted.IsNew)
            return await db.ToResourceAsync(posted.Id, cancel);
        db.Write(null, caller.OperatorActor, "conversion.recorded", posted.Id.ToString(), $"{sold} became {bought}, {request.Reference}", clock);
        return Answer.Created(await db.ToResourceAsync(posted.Id, cancel));
    }
}
