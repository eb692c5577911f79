using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>What a party may read of its own, whoever may act for it. Read in the fleet's scope: the ledger is nobody's own.</summary>
static class PartyLists
{
    /// <summary>Newest first.</summary>
    internal static async Task<Page<ContractResource>> ReadContractsAsync(this ControlPlaneDb db, Party party, PageRequest page, CancellationToken cancel) =>
        (await db.ReadInFleetAsync(() => db.ShareContracts.AsNoTracking().Where(c => c.PartyKind == party.Kind && c.PartyId == party.Id).ReadPageAsync(c => c.Id, page, cancel))).Select(c => c.ToResource());

    /// <summary>Newest first.</summary>
    internal static async Task<Page<PayoutResource>> ReadPayoutsAsync(this ControlPlaneDb db, Party party, PageRequest page, CancellationToken cancel) =>
        (await db.ReadInFleetAsync(() => db.Payouts.AsNoTracking().Where(p => p.PartyKind == party.Kind && p.PartyId == party.Id).ReadPageAsync(p => p.Id, page, cancel))).Select(p => p.ToResource());

    /// <summary>By month and currency, the oldest first.</summary>
    internal static Task<Page<StatementSummary>> ReadStatementsAsync(this ControlPlaneDb db, Party party, PageRequest page, CancellationToken cancel) =>
        db.ReadInFleetAsync(() => db.IssuedStatements.AsNoTracking().Where(s => s.PartyKind == party.Kind && s.PartyId == party.Id)
            .OrderBy(s => s.Month).ThenBy(s => s.Currency).ReadByOffsetAsync(page, s => s.ToSummary(), cancel));
}
