using ControlPlane.Api.Http;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Resellers;

enum CommandOutcome
{
    /// <summary>It was asked for the first time, and its operation is under way.</summary>
    Created,

    /// <summary>The same was asked for before and is done; nothing was changed.</summary>
    AlreadyThere,

    /// <summary>The same was asked for before and is still under way.</summary>
    InProgress,

    /// <summary>This id came with something else before.</summary>
    Conflict,

    /// <summary>It was there and is not any more.</summary>
    Gone,

    /// <summary>There never was such a resource in this integration.</summary>
    NotFound,

    /// <summary>It cannot be; <see cref="CommandResult.Refusal"/> says why.</summary>
    Refused,
}

/// <summary>What became of a command; each dialect words it in its own way.</summary>
/// <param name="Operation">What the caller can follow. Of <see cref="CommandOutcome.AlreadyThere"/> it has finished.</param>
sealed record CommandResult(CommandOutcome Outcome, ManagedResource? Resource = null, OperationId? Operation = null, Problem? Refusal = null)
{
    internal static readonly CommandResult Missing = new(CommandOutcome.NotFound);

    internal bool IsAccepted => Outcome is CommandOutcome.Created or CommandOutcome.AlreadyThere or CommandOutcome.InProgress;

    internal static CommandResult Created(ManagedResource resource) => new(CommandOutcome.Created, resource, resource.OperationId);

    internal static CommandResult Conflict(ManagedResource resource) => new(CommandOutcome.Conflict, resource);

    internal static CommandResult Gone(ManagedResource resource) => new(CommandOutcome.Gone, resource);

    internal static CommandResult Refused(Problem problem, ManagedResource? resource = null) => new(CommandOutcome.Refused, resource, Refusal: problem);
}
