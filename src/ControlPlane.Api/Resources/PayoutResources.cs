using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Api.Resources;

static class PayoutResources
{
    internal static PartyResource ToResource(this PartyProfile p) => new(
        p.Party.ToString(), p.Name, p.Email, p.Address, p.Country, p.TaxId, p.TaxIdValidatedOn, p.TaxRatePpm, p.IsSelfBilled, p.Rail.ToText(), p.Destination, p.DestinationChangedAt, p.FrozenAt, p.FrozenReason, p.CreatedAt, p.OrganizationId?.ToString());

    internal static OwnPartyResource ToOwnResource(this PartyProfile p) => new(
        p.Party.ToString(), p.Name, p.Email, p.Address, p.Country, p.TaxId, p.TaxIdValidatedOn, p.TaxRatePpm, p.IsSelfBilled, p.Rail.ToText(), p.Destination, p.DestinationChangedAt, p.FrozenAt);

    internal static PayoutResource ToResource(this Payout p) => new(
        p.Id.ToString(), p.Party.ToString(), p.Currency, p.AmountMinor, p.CutOff, p.CarriedMinor, p.Rail.ToText(), p.Destination, p.State.ToText(), p.NeedsSecondPerson, p.NotBefore, p.Reference, p.FailureReason,
        p.CreatedBy, p.CreatedAt, p.ApprovedBy, p.ApprovedAt, p.SentAt, p.SettledAt, p.EndedAt);

    internal static PayoutRunResponse ToResource(this PayoutRun run) => new(
        run.CutOff, [.. run.Payouts.Select(ToResource)], [.. run.Skipped.Select(s => new SkippedPayoutResource(s.Party.ToString(), s.Currency.Code, s.PayableMinor, s.Reason.ToText()))]);
}
