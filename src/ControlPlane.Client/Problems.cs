namespace ControlPlane.Client;

/// <summary>application/problem+json (RFC 9457) with our members.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">A sentence for people: what happened and what to do.</param>
/// <param name="Errors">Of a request that did not validate: the field's name to its messages.</param>
/// <param name="TraceId">What to tell support.</param>
public sealed record ProblemResource(string? Type, string? Title, int Status, string? Detail, string Code, IReadOnlyDictionary<string, string[]>? Errors = null, string? TraceId = null);

/// <summary>The service refused a call or could not be reached.</summary>
public sealed class ControlPlaneException(ProblemResource problem) : Exception(problem.Detail ?? problem.Title ?? problem.Code)
{
    public ProblemResource Problem { get; } = problem;
}
