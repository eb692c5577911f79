using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/refunds</summary>
static class ListRefunds
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/refunds", HandleAsync)
        .Describe("Operator", "list_refunds", "List refunds", "Newest first, with those that wait for an approval or for the bank.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<RefundResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<RefundResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel)
    {
        var (refunds, next) = await db.Refunds.AsNoTracking().ReadPageAsync(r => r.Id, page, cancel);
        var ids = refunds.Select(r => r.PaymentId).ToList();
        var payments = await db.Payments.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var names = await db.ReadNamesAsync([.. refunds.Select(r => r.OrganizationId)], cancel);
        var people = await db.ReadPeopleAsync([.. refunds.SelectMany(r => (string?[])[r.RequestedBy, r.ApprovedBy])], cancel);
        return new Page<RefundResource>(
            [.. refunds.Select(r => r.ToResource(payments[r.PaymentId]) with { CustomerName = names[r.OrganizationId], RequestedByName = people.GetValueOrDefault(r.RequestedBy), ApprovedByName = people.GetValueOrDefault(r.ApprovedBy ?? "") })],
            next);
    }
}
