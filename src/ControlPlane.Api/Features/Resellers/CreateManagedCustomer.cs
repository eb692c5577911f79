using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/customers</summary>
static class CreateManagedCustomer
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/customers", HandleAsync)
        .Describe("Resellers", "create_managed_customer", "Create a customer",
            "An organization that you manage. Its owner gets an invitation to a login of its own, and can take the organization over at any time. 200 where you have a customer with this `external_id` already.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new CreateManagedCustomerRequest("acme-17", "Acme", "owner@acme.example"))
        .Answers<ManagedCustomerResource>(201, 200)
        .Refuses(ResellerProblems.Suspended, ResellerProblems.Gone);

    static async Task<Answer<ManagedCustomerResource>> HandleAsync(CreateManagedCustomerRequest request, ResellerCaller by, ManagedOrganizations customers, ControlPlaneDb db, CancellationToken cancel)
    {
        if (by.Reseller.Status == ResellerStatus.Suspended)
            return ResellerProblems.Suspended;
        var (customer, isNew) = await customers.EnsureAsync(by, new CustomerSought(request.ExternalId, request.Name, request.OwnerEmail), cancel);
        if (customer.EndedAt is not null)
            return ResellerProblems.Gone.Saying("This customer has been taken over. Its id is not used again.");
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        var resource = (await db.ToResourcesAsync(by, [customer], cancel))[0];
        return isNew ? Answer.Created(resource, $"/v1/reseller/customers/{resource.Id}") : resource;
    }
}
