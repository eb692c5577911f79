using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>Finds what the operator's calls about parties and payouts name, under its lock.</summary>
static class PartyReading
{
    internal static readonly Problem PartyInvalid = new("invalid_party", 400, "A party is vendor: or reseller: and its id, of up to 64 letters, digits, hyphens, underscores and points.");
    internal static readonly Problem PartyNotFound = new("party_not_found", 404, "There is no party with this id.");
    internal static readonly Problem CurrencyInvalid = new("invalid_currency", 400, "A currency is one of ISO 4217's codes of three letters.");
    internal static readonly Problem MonthInvalid = new("invalid_month", 400, "A month is written yyyy-MM.");
    internal static readonly Problem PayoutNotFound = new("payout_not_found", 404, "There is no payout with this id.");

    internal static readonly Problem StripeMissing = new("stripe_not_configured", 404, "This service has no account at Stripe: set Billing:Stripe:Key.");

    internal static readonly Problem OrganizationUnknown = new("customer_not_found", 404, "There is no organization with this id.");
    internal static readonly Problem IsReseller = new("party_is_reseller", 409, "What is a reseller's is seen by the reseller's own organization; only a vendor can be given to one.");

    /// <summary>Those whose money the organization's people may see: vendors that were given to it, and what it is itself as a reseller. Row security shows it no other.</summary>
    internal static IQueryable<PartyProfile> OwnParties(this ControlPlaneDb db, OrganizationId organization) => db.Parties.AsNoTracking().Where(p =>
        p.OrganizationId == organization || (p.Kind == PartyKind.Reseller && db.Resellers.Any(r => r.OrganizationId == organization && r.PartyId == p.Id)));

    internal static async Task<PartyProfile?> FindOwnPartyAsync(this ControlPlaneDb db, OrganizationId organization, string id, CancellationToken cancel) =>
        Party.TryParse(id, out var party) ? await db.OwnParties(organization).SingleOrDefaultAsync(p => p.Kind == party.Kind && p.Id == party.Id, cancel) : null;

    /// <summary>Says whose people see the vendor's money.</summary>
    /// <param name="wanted">Empty for nobody.</param>
    /// <returns>Why not; null when it is so.</returns>
    internal static async Task<Problem?> GiveToAsync(this ControlPlaneDb db, PartyProfile party, string wanted, CancellationToken cancel)
    {
        if (party.Kind == PartyKind.Reseller)
            return IsReseller;
        if (wanted.Length == 0)
            party.OrganizationId = null;
        else if (OrganizationId.TryParse(wanted, out var organization) && await db.Organizations.AnyAsync(o => o.Id == organization, cancel))
            party.OrganizationId = organization;
        else
            return OrganizationUnknown;
        return null;
    }

    internal static async Task<PartyProfile?> LockPartyAsync(this ControlPlaneDb db, string id, CancellationToken cancel)
    {
        if (!Party.TryParse(id, out var party))
            return null;
        await db.Database.ExecuteSqlAsync($"SELECT FROM parties WHERE kind = {party.Kind.ToText()} AND id = {party.Id} FOR UPDATE", cancel);
        return await db.Parties.SingleOrDefaultAsync(p => p.Kind == party.Kind && p.Id == party.Id, cancel);
    }

    internal static async Task<Payout?> LockPayoutAsync(this ControlPlaneDb db, string id, CancellationToken cancel) =>
        PayoutId.TryParse(id, out var payout) ? await db.LockPayoutAsync(payout, cancel) : null;
}
