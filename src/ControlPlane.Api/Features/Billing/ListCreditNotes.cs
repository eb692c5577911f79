using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/credit-notes</summary>
static class ListCreditNotes
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/credit-notes", HandleAsync)
        .Describe("Billing", "list_credit_notes", "List your credit notes", "Newest first: what was taken off invoices, put on your balance, or paid back.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<CreditNoteResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<CreditNoteResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.CreditNotes.AsNoTracking().ReadPageAsync(n => n.Id, page, cancel)).Select(n => n.ToResource());
}
