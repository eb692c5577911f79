namespace ControlPlane.Api.Http;

/// <summary>A refusal as customers get it: a code that programs rely on and a sentence that says what to do.</summary>
/// <param name="Code">Stable; each one stands in docs/api.md.</param>
sealed record Problem(string Code, int Status, string Detail)
{
    /// <summary>When it is worth trying again.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    internal Problem Saying(string detail) => this with { Detail = detail };
}

/// <summary>The refusals that any call can give.</summary>
static class Problems
{
    internal static readonly Problem Malformed = new("malformed_request", 400, "The request could not be read. Send the fields that the reference names, as JSON.");
    internal static readonly Problem ValidationFailed = new("validation_failed", 400, "Some fields are not valid. See errors for each of them.");
    internal static readonly Problem CursorInvalid = new("invalid_cursor", 400, "This cursor is not one of ours. Take next_cursor of the page before, or leave it out.");
    internal static readonly Problem LimitInvalid = new("invalid_limit", 400, "The page size must be between 1 and 100.");
    internal static readonly Problem Unauthenticated = new("unauthenticated", 401, "This call needs a token: send the header 'Authorization: Bearer fct_…'.");
    internal static readonly Problem TokenInvalid = new("token_invalid", 401, "This token is not known. Check that it was copied whole, or create a new one.");
    internal static readonly Problem TokenExpired = new("token_expired", 401, "This token has expired. Create a new one.");
    internal static readonly Problem TokenRevoked = new("token_revoked", 401, "This token was revoked. Create a new one.");
    internal static readonly Problem SessionEnded = new("session_ended", 401, "This session has ended. Sign in again.");
    internal static readonly Problem NotAMember = new("not_a_member", 403, "You are not a member of the organization that this call names.");
    internal static readonly Problem RoleTooLow = new("role_too_low", 403, "Your role in this organization does not allow this. Ask an owner or admin.");
    internal static readonly Problem ScopeMissing = new("scope_missing", 403, "This token was not given the scope that this call needs. Use another token.");
    internal static readonly Problem OperatorOnly = new("operator_only", 403, "Only the operator of the service may do this.");
    internal static readonly Problem NotAReseller = new("not_a_reseller", 403, "Your organization is no reseller. Ask the operator to make it one.");
    internal static readonly Problem Denied = new("denied", 403, "This call is not open to anybody.");
    internal static readonly Problem NotFound = new("not_found", 404, "There is nothing at this address. See /docs for the calls there are.");
    internal static readonly Problem MethodNotAllowed = new("method_not_allowed", 405, "This address does not take this method. The Allow header names those it takes.");
    internal static readonly Problem BodyTooLarge = new("body_too_large", 413, "The body is larger than 1 MB.");
    internal static readonly Problem UnsupportedMediaType = new("unsupported_media_type", 415, "Send JSON, with the header 'Content-Type: application/json'.");
    internal static readonly Problem IdempotencyKeyInvalid = new("invalid_idempotency_key", 400, "An Idempotency-Key has 1 to 255 printable ASCII characters.");
    internal static readonly Problem IdempotencyKeyReused = new("idempotency_key_reused", 422, "This Idempotency-Key came with another request before. Use a new key for a new request.");
    internal static readonly Problem IdempotencyInProgress = new("idempotency_in_progress", 409, "The first request with this Idempotency-Key is still being worked on. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) };
    internal static readonly Problem RateLimited = new("rate_limited", 429, "Too many requests. Wait as long as the Retry-After header says.");
    internal static readonly Problem Internal = new("internal_error", 500, "Something went wrong on our side. Try again, and tell us the trace_id if it goes on.");
    internal static readonly Problem Unavailable = new("unavailable", 503, "The service cannot reach its database at the moment. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(2) };
    internal static readonly Problem ProviderUnavailable = new("provider_unavailable", 503, "The payment provider cannot be reached at the moment. Look again before you repeat the call: it may have been done.") { RetryAfter = TimeSpan.FromSeconds(10) };

    internal static IReadOnlyList<Problem> Everywhere { get; } = [Malformed, RateLimited, Internal, Unavailable];

    /// <summary>The refusal behind a bare status code.</summary>
    internal static Problem OfStatus(int status) => status switch
    {
        400 => Malformed,
        401 => Unauthenticated,
        403 => Denied,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => Unavailable,
        >= 500 => Internal,
        _ => Malformed with { Status = status },
    };
}
