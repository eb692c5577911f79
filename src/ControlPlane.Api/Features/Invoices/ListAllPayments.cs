using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/payments</summary>
static class ListAllPayments
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/payments", HandleAsync)
        .Describe("Operator", "list_all_payments", "List everybody's payments", "Newest first, with what was paid back of each.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<PaymentResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<PaymentResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.Payments.AsNoTracking().ReadPageAsync(p => p.Id, page, cancel)).Select(p => p.ToResource());
}
