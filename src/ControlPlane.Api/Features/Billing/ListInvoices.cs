using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/invoices</summary>
static class ListInvoices
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/invoices", HandleAsync)
        .Describe("Billing", "list_invoices", "List your invoices", "Newest first, with their lines.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<InvoiceResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<InvoiceResource>>> HandleAsync(
        [AsParameters] PageRequest page, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        (await db.Invoices.AsNoTracking().Include(i => i.Lines).ReadPageAsync(i => i.Id, page, cancel)).Select(i => i.ToResource(billing.GetUtcNow()));
}
