using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/invoices</summary>
static class ListAllInvoices
{
    const string Overdue = "overdue";

    static readonly Problem FilterInvalid = new("invalid_filter", 400, "state is open, overdue, paid, void or uncollectible; organization is an id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/invoices", HandleAsync)
        .Describe("Operator", "list_all_invoices", "List everybody's invoices", "Newest first; narrowed with ?state=open (or overdue: open and past its due date) and ?organization=org_….")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<InvoiceResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, FilterInvalid);

    static async Task<Answer<Page<InvoiceResource>>> HandleAsync(
        [AsParameters] PageRequest page, string? state, string? organization, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel)
    {
        var invoices = db.Invoices.AsNoTracking().Include(i => i.Lines).AsQueryable();
        var now = billing.GetUtcNow();
        if (state == Overdue)
            invoices = invoices.Where(i => i.State == InvoiceState.Open && i.DueAt < now);
        else if (state is not null)
        {
            if (!LowercaseEnum<InvoiceState>.TryParse(state, out var wanted))
                return FilterInvalid;
            invoices = invoices.Where(i => i.State == wanted);
        }
        if (organization is not null)
        {
            if (!OrganizationId.TryParse(organization, out var owner))
                return FilterInvalid;
            invoices = invoices.Where(i => i.OrganizationId == owner);
        }
        return (await invoices.ReadPageAsync(i => i.Id, page, cancel)).Select(i => i.ToResource(now));
    }
}
