using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/payments</summary>
static class ListPayments
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/payments", HandleAsync)
        .Describe("Billing", "list_payments", "List what you have paid", "Newest first, with what was paid back of it.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<PaymentResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<PaymentResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.Payments.AsNoTracking().ReadPageAsync(p => p.Id, page, cancel)).Select(p => p.ToResource());
}
