using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Customers;

/// <summary>GET /v1/operator/customers/{id}</summary>
static class GetCustomer
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/customers/{id}", HandleAsync)
        .Describe("Operator", "get_customer", "See how an organization is billed")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<CustomerResource>(200)
        .Refuses(CustomerReading.NotFound);

    static async Task<Answer<CustomerResource>> HandleAsync(string id, CustomerReading customers, CancellationToken cancel) =>
        await customers.FindAsync(id, cancel) is { } account ? (await customers.ReadAsync([account], cancel))[0] : CustomerReading.NotFound;
}
