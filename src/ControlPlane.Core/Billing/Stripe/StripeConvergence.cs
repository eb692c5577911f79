using System.Net;
using ControlPlane.Core.Data;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>Hands each object to the class that knows its kind.</summary>
sealed class StripeConvergence(IEnumerable<IStripeObject> kinds) : IStripeConvergence
{
    readonly Dictionary<string, IStripeObject> kinds = kinds.ToDictionary(k => k.Type);

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string objectType, string objectId, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("what Stripe says is applied within the transaction of whoever was told to look");
        if (!kinds.TryGetValue(objectType, out var kind))
            return ConvergenceResult.Applied;
        try
        {
            return await kind.ConvergeAsync(db, objectId, cancel);
        }
        catch (StripeException error) when (error is { HttpStatusCode: HttpStatusCode.NotFound, StripeError.Code: "resource_missing" })
        {
            return ConvergenceResult.NotFound;
        }
    }
}
