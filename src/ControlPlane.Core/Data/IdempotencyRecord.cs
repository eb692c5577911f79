using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Data;

/// <summary>The answer to a POST that carried an Idempotency-Key, so that a repetition gets the same one.</summary>
public sealed class IdempotencyRecord
{
    /// <summary>Whose key it is: the organization's id, or what stands for an anonymous caller.</summary>
    public required string Caller { get; init; }
    public required string Key { get; init; }
    public required OrganizationId? OrganizationId { get; init; }

    /// <summary>SHA-256 of method, path and body: a key that comes back with another request is refused.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Null while the first call is still running.</summary>
    public int? Status { get; set; }
    public string? ContentType { get; set; }
    public string? Location { get; set; }

    /// <summary>The body, sealed: it may hold a token.</summary>
    public string? SealedBody { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}
