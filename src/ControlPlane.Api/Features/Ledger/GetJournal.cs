using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>GET /v1/operator/ledger/journals/{id}</summary>
static class GetJournal
{
    const int ChainMax = 200;

    static readonly Problem NotFound = new("journal_not_found", 404, "There is no journal with this id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/ledger/journals/{id}", HandleAsync)
        .Describe("Operator", "get_journal", "See why something was booked", "The journal, the contracts that its amounts come from, everything else that happened to the same payment or payout, and which payouts pay it.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<JournalDetailResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<JournalDetailResource>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel)
    {
        if (!JournalId.TryParse(id, out var journalId) || await db.Journals.AsNoTracking().SingleOrDefaultAsync(j => j.Id == journalId, cancel) is not { } journal)
            return NotFound;
        List<Journal> chain = journal.Correlation is not { } correlation
            ? [journal]
            : await db.Journals.AsNoTracking().Where(j => j.Correlation == correlation).OrderBy(j => j.PostedAt).ThenBy(j => j.Id).Take(ChainMax).ToListAsync(cancel);
        var contractIds = journal.ContractVersionIds.Select(c => new ContractId(c)).ToList();
        var contracts = await db.ShareContracts.AsNoTracking().Where(c => contractIds.Contains(c.Id)).OrderBy(c => c.Version).ToListAsync(cancel);
        var reversedBy = await db.Journals.Where(j => j.Reverses == journalId).Select(j => (JournalId?)j.Id).FirstOrDefaultAsync(cancel);
        var payouts = await db.CoveredJournals.Where(c => c.JournalId == journalId).Select(c => c.PayoutId).ToListAsync(cancel);
        return new JournalDetailResource(
            (await db.ToResourcesAsync([journal], cancel)).Single(), [.. contracts.Select(c => c.ToResource())], await db.ToResourcesAsync(chain, cancel), reversedBy?.ToString(), [.. payouts.Select(p => p.ToString())]);
    }
}
