using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.AddOns;

/// <summary>What add-on platforms are answered: a sentence for the person at the other end, and what was asked for.</summary>
/// <param name="contentType">JSON's own when null.</param>
sealed class AddOnReplies(string? contentType = null)
{
    sealed record Said(string? Message, string? Id, IReadOnlyDictionary<string, string>? Config);

    internal IResult Say(int status, string message, string? id = null, IReadOnlyDictionary<string, string>? config = null) =>
        Results.Json(new Said(message, id, config), DialectJson.Snake, contentType, status);

    /// <summary>What was asked for, or why there is none.</summary>
    internal IResult AnswerProvision(AddOnAnswer answer, string id, PlatformSettings settings) => answer switch
    {
        { FaktoryUrl: { } url } => Say(200, "Your Faktory server is ready.", id, new Dictionary<string, string> { [settings.UrlVariable] = url }),
        { IsLater: true } => Say(202, "Your Faktory server is being set up and will be available shortly.", id),
        { HasFailed: true } => Say(503, "The Faktory server did not start. Please try again."),
        { Result.Outcome: CommandOutcome.Conflict } => Say(409, answer.Refusal.Detail),
        { Result.Outcome: CommandOutcome.Gone } => Say(410, answer.Refusal.Detail),
        _ => Say(422, answer.Refusal.Detail),
    };

    /// <summary>As Heroku has it, and who speaks like it.</summary>
    internal IResult AnswerChange(AddOnAnswer answer, string plan) => answer.Result switch
    {
        { IsAccepted: true } => Say(200, $"Your plan is now {plan}."),
        { Outcome: CommandOutcome.NotFound } => Say(404, answer.Refusal.Detail),
        { Outcome: CommandOutcome.Gone } => Say(410, answer.Refusal.Detail),
        _ => Say(422, answer.Refusal.Detail),
    };

    /// <summary>As Heroku has it, and who speaks like it.</summary>
    internal IResult AnswerDeprovision(AddOnAnswer answer) => answer.Result switch
    {
        { IsAccepted: true } => Say(200, "Your Faktory server is being removed."),
        // Also of what never was: the platform asks for it to be gone, and it is.
        { Outcome: CommandOutcome.Gone or CommandOutcome.NotFound } => Say(410, answer.Refusal.Detail),
        _ => Say(422, answer.Refusal.Detail),
    };
}
