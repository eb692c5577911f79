namespace ControlPlane.Core.Instances;

/// <summary>The state of the operation that sets an instance's rules.</summary>
/// <param name="Rules">See <see cref="Instance.Rules"/>.</param>
public sealed record RulesToSet(string Rules);
