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
