using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties</summary>
static class CreateParty
{
    static readonly Problem Exists = new("party_exists", 409, "There is a party with this id already.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties", HandleAsync)
        .Describe("Operator", "create_party", "Add a vendor or reseller", "Without a destination nothing is paid out to it.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new CreatePartyRequest("vendor:acme", "Acme Inc.", "money@acme.example", Country: "US", Destination: "DE89370400440532013000"))
        .Answers<PartyResource>(201)
        .Refuses(PartyReading.PartyInvalid, Exists, PartyReading.OrganizationUnknown, PartyReading.IsReseller);

    static async Task<Answer<PartyResource>> HandleAsync(
        CreatePartyRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (!Party.TryParse(request.Party, out var party))
            return PartyReading.PartyInvalid;
        if (await db.Parties.AnyAsync(p => p.Kind == party.Kind && p.Id == party.Id, cancel))
            return Exists;
        var profile = new PartyProfile
        {
            Kind = party.Kind,
            Id = party.Id,
            Name = request.Name.Trim(),
            Email = request.Email,
            Address = request.Address,
            Country = request.Country,
            TaxId = request.TaxId,
            TaxIdValidatedOn = request.TaxIdValidatedOn,
            TaxRatePpm = request.TaxRatePpm,
            IsSelfBilled = request.IsSelfBilled,
            CreatedAt = billing.GetUtcNow(),
        };
        profile.MoveTo(LowercaseEnum<PayoutRail>.Parse(request.Rail), request.Destination.Trim(), billing.GetUtcNow());
        if (request.Organization is { Length: > 0 } organization && await db.GiveToAsync(profile, organization, cancel) is { } refused)
            return refused;
        db.Parties.Add(profile);
        db.Write(null, caller.OperatorActor, "party.created", party.ToString(), profile.OrganizationId is { } seen ? $"{profile.Name}, seen by {seen}" : profile.Name, clock);
        return Answer.Created(profile.ToResource());
    }
}
