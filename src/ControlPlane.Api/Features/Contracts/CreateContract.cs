using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Api.Features.Contracts;

/// <summary>POST /v1/operator/contracts</summary>
static class CreateContract
{
    static readonly Problem TermsInvalid = new("invalid_contract", 422, "A contract has either a rate, or per unit an amount with its currency; a scope but all has a key; and it ends after it begins.");
    static readonly Problem Overlaps = new("contract_overlaps", 409, "The party has a contract of the same scope and priority at that time. End that one first, or choose another priority.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/contracts", HandleAsync)
        .Describe("Operator", "create_contract", "Agree what a party gets", "Its terms never change; new terms are a new version, from when the old one was ended. Sales count by the version that was valid when their service began.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new CreateContractRequest("reseller:org_00000000000000000000000000", "net_of_fees", 250_000))
        .Answers<ContractResource>(201)
        .Refuses(PartyReading.PartyInvalid, PartyReading.PartyNotFound, TermsInvalid, Overlaps);

    static async Task<Answer<ContractResource>> HandleAsync(
        CreateContractRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        // The party's lock numbers its contracts.
        if (await db.LockPartyAsync(request.Party, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        var from = request.ValidFrom?.ToUniversalTime() ?? await BeginningAsync(db, party.Party, billing.GetUtcNow(), cancel);
        var isPerUnit = request.Basis == "per_unit";
        var isWhole = isPerUnit ? request is { RatePpm: null, FixedMinor: not null } && Currency.TryParse(request.Currency, out _) : request is { RatePpm: not null, FixedMinor: null, Currency: null };
        if (!isWhole || request.ValidTo <= from || (request.Scope == "all") != (request.ScopeKey.Length == 0))
            return TermsInvalid;
        var last = await db.ShareContracts.Where(c => c.PartyKind == party.Kind && c.PartyId == party.Id).MaxAsync(c => (int?)c.Version, cancel);
        var contract = ToContract(request, party.Party, (last ?? 0) + 1, from, caller.OperatorActor.Id, billing);
        db.ShareContracts.Add(contract);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { ConstraintName: "no_overlap" })
        {
            return Overlaps;
        }
        db.Write(null, caller.OperatorActor, "contract.created", contract.Id.ToString(), $"{contract.Party}, version {contract.Version}, {contract.Basis.ToText()}", clock);
        return Answer.Created(contract.ToResource(), $"/v1/operator/contracts/{contract.Id}");
    }

    /// <summary>What is sold begins with a whole second, so a contract that begins now holds for all of this one, but for what another one held for.</summary>
    static async Task<DateTimeOffset> BeginningAsync(ControlPlaneDb db, Core.Ledger.Party party, DateTimeOffset now, CancellationToken cancel)
    {
        var second = now.ToSecond();
        var ended = await db.ShareContracts.Where(c => c.PartyKind == party.Kind && c.PartyId == party.Id && c.ValidTo <= now).MaxAsync(c => c.ValidTo, cancel);
        return ended > second ? ended.Value : second;
    }

    static ShareContract ToContract(CreateContractRequest request, Core.Ledger.Party party, int version, DateTimeOffset from, string approvedBy, TimeProvider billing) => new()
    {
        Id = ContractId.New(billing),
        PartyKind = party.Kind,
        PartyId = party.Id,
        Version = version,
        Scope = LowercaseEnum<ShareScope>.Parse(request.Scope),
        ScopeKey = request.ScopeKey,
        Basis = LowercaseEnum<ShareBasis>.Parse(request.Basis),
        RatePpm = request.RatePpm,
        FixedMinor = request.FixedMinor,
        Currency = request.Currency?.ToUpperInvariant(),
        ValidFrom = from,
        ValidTo = request.ValidTo?.ToUniversalTime(),
        Priority = request.Priority,
        HoldDays = request.HoldDays,
        Release = LowercaseEnum<ShareRelease>.Parse(request.Release),
        MinPayoutMinor = request.MinPayoutMinor,
        FeeOnRefund = LowercaseEnum<RefundFeeRule>.Parse(request.FeeOnRefund),
        DisputeFee = LowercaseEnum<DisputeFeeRule>.Parse(request.DisputeFee),
        RateSelector = LowercaseEnum<RateSelector>.Parse(request.RateSelector),
        DocumentRef = request.DocumentRef,
        ApprovedBy = approvedBy,
        CreatedAt = billing.GetUtcNow(),
    };
}
