using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Customers;

/// <summary>GET /v1/operator/customers</summary>
static class ListCustomers
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/customers", HandleAsync)
        .Describe("Operator", "list_customers", "List the organizations that are billed", "Newest first, with what they are worth a month, what is open, and what their debts have led to.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<CustomerResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<CustomerResource>>> HandleAsync([AsParameters] PageRequest page, CustomerReading customers, ControlPlaneDb db, CancellationToken cancel)
    {
        var (accounts, next) = await db.BillingAccounts.AsNoTracking().ReadPageAsync(a => a.OrganizationId, page, cancel);
        return new Page<CustomerResource>(await customers.ReadAsync(accounts, cancel), next);
    }
}
