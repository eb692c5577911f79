namespace ControlPlane.Client;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Pass it as <c>?cursor=</c> for the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
