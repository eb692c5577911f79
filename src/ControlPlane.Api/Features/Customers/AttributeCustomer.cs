using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Customers;

/// <summary>PUT /v1/operator/customers/{id}/reseller</summary>
static class AttributeCustomer
{
    static readonly Problem TooEarly = new("attribution_too_early", 409, "The customer was attributed to somebody after this moment already. Choose a later one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/operator/customers/{id}/reseller", HandleAsync)
        .Describe("Operator", "attribute_customer", "Say through whom a customer came", "From then on its reseller has its share of what the customer pays; invoices that were issued before keep theirs.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new AttributeCustomerRequest("acme-resale"))
        .Answers<CustomerResource>(200)
        .Refuses(CustomerReading.NotFound, TooEarly);

    static async Task<Answer<CustomerResource>> HandleAsync(string id, AttributeCustomerRequest request, Caller caller, CustomerReading customers, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await customers.LockAsync(id, cancel) is not { } account)
            return CustomerReading.NotFound;
        var from = request.From?.ToUniversalTime() ?? money.Billing.GetUtcNow();
        var last = await db.ResellerAttributions.Where(a => a.OrganizationId == account.OrganizationId).OrderByDescending(a => a.ValidFrom).FirstOrDefaultAsync(cancel);
        if (last is not null && (last.ValidFrom >= from || last.ValidTo > from))
            return TooEarly;
        if (last is { ValidTo: null })
            last.ValidTo = from;
        await db.SaveChangesAsync(cancel);
        if (request.ResellerId is { } reseller)
            db.ResellerAttributions.Add(new ResellerAttribution { OrganizationId = account.OrganizationId, ResellerId = reseller, ValidFrom = from });
        await money.FinishAsync(account, caller, "customer.attributed", account.OrganizationId.ToString(), $"{request.ResellerId ?? "nobody"} from {from:u}", cancel);
        await db.SaveChangesAsync(cancel);
        return (await customers.ReadAsync([account], cancel))[0];
    }
}
