using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects;

/// <summary>Marks a call of a reseller's platform. Who may make it is not a matter of tokens and roles: the dialect has its own way to know its caller.</summary>
/// <param name="Proof">How the caller proves who it is, for those who read the list of calls.</param>
sealed record DialectCall(Dialect Dialect, string Proof);

static class DialectCalls
{
    static readonly object Key = new();

    /// <summary>Not in the API's description: these contracts are the platforms' own.</summary>
    internal static RouteGroupBuilder MapDialect(this IEndpointRouteBuilder app, string prefix, Dialect dialect, string proof)
    {
        var group = app.MapGroup(prefix);
        group.AllowAnonymous().WithMetadata(new DialectCall(dialect, proof)).ExcludeFromDescription();
        return group;
    }

    /// <summary>Who was recognized.</summary>
    internal static ResellerCaller Reseller(this HttpContext http) => (ResellerCaller)http.Items[Key]!;

    internal static void Recognize(this HttpContext http, ResellerCaller caller) => http.Items[Key] = caller;

    internal static string? Address(this HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
