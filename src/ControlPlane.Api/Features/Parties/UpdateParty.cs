using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Api.Features.Parties;

/// <summary>PATCH /v1/operator/parties/{id}</summary>
static class UpdateParty
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/operator/parties/{id}", HandleAsync)
        .Describe("Operator", "update_party", "Change what is known of a party", "After a change of the destination nothing is sent for a week, and payouts to the old one are not sent any more. With `organization` its people see the vendor's balances, statements and payouts.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new UpdatePartyRequest(Destination: "DE89370400440532013000"))
        .Answers<PartyResource>(200)
        .Refuses(PartyReading.PartyNotFound, PartyReading.OrganizationUnknown, PartyReading.IsReseller);

    static async Task<Answer<PartyResource>> HandleAsync(
        string id, UpdatePartyRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        var seenBy = party.OrganizationId;
        if (request.Organization is { } organization && await db.GiveToAsync(party, organization.Trim(), cancel) is { } refused)
            return refused;
        if (seenBy != party.OrganizationId)
            db.Write(null, caller.OperatorActor, "party.organization_changed", party.Party.ToString(), party.OrganizationId is { } seen ? $"seen by {seen}" : "seen by nobody", clock);
        party.Name = request.Name?.Trim() ?? party.Name;
        party.Email = request.Email ?? party.Email;
        party.Address = request.Address ?? party.Address;
        party.Country = request.Country ?? party.Country;
        party.TaxIdValidatedOn = request.TaxIdValidatedOn ?? (request.TaxId is { } changed && changed != party.TaxId ? null : party.TaxIdValidatedOn);
        party.TaxId = request.TaxId ?? party.TaxId;
        party.TaxRatePpm = request.TaxRatePpm ?? party.TaxRatePpm;
        party.IsSelfBilled = request.IsSelfBilled ?? party.IsSelfBilled;
        var (rail, destination) = (party.Rail, party.Destination);
        party.MoveTo(request.Rail is { } wanted ? LowercaseEnum<PayoutRail>.Parse(wanted) : rail, request.Destination?.Trim() ?? destination, billing.GetUtcNow());
        var hasMoved = (rail, destination) != (party.Rail, party.Destination);
        db.Write(null, caller.OperatorActor, hasMoved ? "party.destination_changed" : "party.changed", party.Party.ToString(), hasMoved ? $"to {party.Rail.ToText()} {party.Destination}" : null, clock);
        return party.ToResource();
    }
}
