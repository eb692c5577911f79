using ControlPlane.Core.Data;

namespace ControlPlane.Core.Billing.Stripe;

public enum ConvergenceResult
{
    /// <summary>Our rows and journals say what the object at Stripe says, or it is of a kind that nothing here follows.</summary>
    Applied,

    /// <summary>Stripe has no such object: deleted, or of another environment.</summary>
    NotFound,
}

/// <summary>
/// Makes what is stored here equal to an object at Stripe, which is read anew: events only say what to look at, so that their order, their repetition and the loss of all but one change nothing.
/// </summary>
public interface IStripeConvergence
{
    /// <summary>In the caller's transaction and the fleet's scope. Whoever comes with objects of one customer at a time waits for the account's lock.</summary>
    /// <param name="objectType">As Stripe has it: <c>subscription</c>, <c>invoice</c>, <c>charge</c>…</param>
    /// <exception cref="InvalidOperationException">The object says something that cannot be, or is not complete yet: nothing may be committed, and it is to be tried again.</exception>
    Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string objectType, string objectId, CancellationToken cancel);
}

/// <summary>One kind of object.</summary>
interface IStripeObject
{
    /// <summary>As Stripe has it.</summary>
    string Type { get; }

    /// <inheritdoc cref="IStripeConvergence.ConvergeAsync"/>
    Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel);
}
