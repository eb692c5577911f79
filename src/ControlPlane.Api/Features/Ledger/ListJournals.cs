using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>GET /v1/operator/ledger/journals</summary>
static class ListJournals
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/ledger/journals", HandleAsync)
        .Describe("Operator", "list_journals", "Read the ledger", "Newest first. Narrowed with ?source_type= and ?source_id=, ?correlation=, and ?account= with ?owner= and ?currency=.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<JournalResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<JournalResource>>> HandleAsync(
        [AsParameters] PageRequest page, [FromQuery(Name = "source_type")] string? sourceType, [FromQuery(Name = "source_id")] string? sourceId, string? correlation, string? account, string? owner, string? currency,
        ControlPlaneDb db, CancellationToken cancel)
    {
        var journals = db.Journals.AsNoTracking();
        if (sourceType is not null)
            journals = journals.Where(j => j.SourceType == sourceType);
        if (sourceId is not null)
            journals = journals.Where(j => j.SourceId == sourceId);
        if (correlation is not null)
            journals = journals.Where(j => j.Correlation == correlation);
        if ((account ?? owner ?? currency) is not null)
        {
            var accounts = db.LedgerAccounts.Where(a => (account == null || a.Code == account) && (owner == null || a.PartyId == owner) && (currency == null || a.Currency == currency));
            journals = journals.Where(j => db.Entries.Any(e => e.JournalId == j.Id && accounts.Any(a => a.Id == e.AccountId)));
        }
        var (found, next) = await journals.ReadPageAsync(j => j.Id, page, cancel);
        return new Page<JournalResource>(await db.ToResourcesAsync(found, cancel), next);
    }
}
