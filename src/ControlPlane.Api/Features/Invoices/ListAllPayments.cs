using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/payments</summary>
static class ListAllPayments
{
    static readonly Problem FilterInvalid = new("invalid_filter", 400, "organization is an id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/payments", HandleAsync)
        .Describe("Operator", "list_all_payments", "List everybody's payments", "Newest first, with what was paid back of each; narrowed with ?organization=org_….")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<PaymentResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, FilterInvalid);

    static async Task<Answer<Page<PaymentResource>>> HandleAsync([AsParameters] PageRequest page, string? organization, ControlPlaneDb db, CancellationToken cancel)
    {
        var payments = db.Payments.AsNoTracking();
        if (organization is not null)
        {
            if (!OrganizationId.TryParse(organization, out var owner))
                return FilterInvalid;
            payments = payments.Where(p => p.OrganizationId == owner);
        }
        var (items, next) = await payments.ReadPageAsync(p => p.Id, page, cancel);
        var names = await db.ReadNamesAsync([.. items.Select(p => p.OrganizationId)], cancel);
        return new Page<PaymentResource>([.. items.Select(p => p.ToResource() with { CustomerName = names[p.OrganizationId] })], next);
    }
}
