using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Customers;

/// <summary>PATCH /v1/operator/customers/{id}</summary>
static class UpdateCustomer
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/operator/customers/{id}", HandleAsync)
        .Describe("Operator", "update_customer", "Set a customer's tax, terms and hold", "Tax and terms count for the invoices that follow. While a hold is on, nothing more is taken away for a debt.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new UpdateCustomerRequest(190_000, 30))
        .Answers<CustomerResource>(200)
        .Refuses(CustomerReading.NotFound);

    static async Task<Answer<CustomerResource>> HandleAsync(string id, UpdateCustomerRequest request, Caller caller, CustomerReading customers, MoneyChange money, PlanPurchase purchase, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await customers.LockAsync(id, cancel) is not { } account)
            return CustomerReading.NotFound;
        account.TaxRatePpm = request.TaxRatePpm ?? account.TaxRatePpm;
        account.TermsDays = request.TermsDays ?? account.TermsDays;
        account.IsOnHold = request.IsOnHold ?? account.IsOnHold;
        account.HoldReason = account.IsOnHold ? request.HoldReason ?? account.HoldReason : null;
        await purchase.SayDetailsAsync(account, cancel);
        await money.FinishAsync(account, caller, "customer.changed", account.OrganizationId.ToString(), $"tax {account.TaxRatePpm} ppm, terms {account.TermsDays} days, {(account.IsOnHold ? "on hold" : "no hold")}", cancel);
        await db.SaveChangesAsync(cancel);
        return (await customers.ReadAsync([account], cancel))[0];
    }
}
