using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.AddOns;

/// <summary>What an add-on platform asks for, whatever its words are.</summary>
/// <param name="Callback">Where the platform says that the resource is at its own API.</param>
/// <param name="Tokens">The code by which we may speak for it there.</param>
sealed record AddOnRequest(string Id, CustomerSought Customer, string Plan, string? Name, string? Region, Uri? Callback, AddOnTokens? Tokens);

/// <summary>What became of it, before a dialect words it.</summary>
/// <param name="Result">Of the command.</param>
/// <param name="FaktoryUrl">What the customer's programs need; null where there is nothing to hand on yet.</param>
/// <param name="IsLater">The platform is called when it is ready.</param>
/// <param name="HasFailed">It did not come up, and was given up again.</param>
sealed record AddOnAnswer(CommandResult Result, string? FaktoryUrl = null, bool IsLater = false, bool HasFailed = false)
{
    internal Problem Refusal => Result switch
    {
        { Refusal: { } refusal } => refusal,
        { Outcome: CommandOutcome.Conflict } => ResellerProblems.Conflict,
        { Outcome: CommandOutcome.NotFound } => ResellerProblems.ResourceNotFound,
        _ => ResellerProblems.Gone,
    };
}
