using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ControlPlane.Api.Dialects;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Http;

/// <summary>Marks the calls that strangers can make and that cost us something: sign-up, password reset.</summary>
sealed record SensitiveCall;

/// <summary>Marks the calls that a payment provider makes, many at a time and from few addresses; a signature says that they are its own.</summary>
sealed record ProviderCall;

/// <summary>Marks the calls by which a person decides about money that a machine could not: one by one, and not by a script that has run away.</summary>
sealed record DecisionCall;

/// <summary>
/// Limits how often somebody calls, and says so on every answer: <c>RateLimit-Policy</c> and <c>RateLimit</c> in the form of the IETF's
/// draft, <c>Retry-After</c> on a refusal. Who is recognized is counted by token or person, everybody else by address.
/// </summary>
sealed class RateLimiting(RequestDelegate next, RequestLimits limits, IOptions<RateLimitOptions> options)
{
    public Task InvokeAsync(HttpContext context, CallerSlot slot)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata || (metadata.GetMetadata<Access>() is null && metadata.GetMetadata<DialectCall>() is null))
            return next(context);
        var (limit, who) = Choose(context, slot.Caller);
        var state = limits.Count(limit, who);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.Count};w={(int)limit.Window.TotalSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={state.Remaining};t={(int)Math.Ceiling(state.Reset.TotalSeconds)}");
        return state.IsAllowed ? next(context) : ProblemAnswers.WriteAsync(context, Problems.RateLimited with { RetryAfter = state.Reset });
    }

    (RequestLimit Limit, string Who) Choose(HttpContext context, Caller? caller)
    {
        var (address, metadata) = (Network(context.Connection.RemoteIpAddress), context.GetEndpoint()!.Metadata);
        if (metadata.GetMetadata<SensitiveCall>() is not null)
            return (new("sensitive", options.Value.SensitivePerAddressPerHour, TimeSpan.FromHours(1)), address);
        if (metadata.GetMetadata<ProviderCall>() is not null)
            return (new("provider", options.Value.ProviderPerAddressPerMinute, TimeSpan.FromMinutes(1)), address);
        if (caller is not null && metadata.GetMetadata<DecisionCall>() is not null)
            return (new("decisions", options.Value.DecisionsPerCallerPerMinute, TimeSpan.FromMinutes(1)), caller.User.ToString());
        // A platform calls for all of its customers from a few addresses.
        if (metadata.GetMetadata<DialectCall>() is not null)
            return (new("platform", options.Value.PerPlatformPerMinute, TimeSpan.FromMinutes(1)), address);
        return caller is null
            ? (new("address", options.Value.PerAddressPerMinute, TimeSpan.FromMinutes(1)), address)
            : (new("caller", options.Value.PerCallerPerMinute, TimeSpan.FromMinutes(1)), caller.Token?.ToString() ?? caller.User.ToString());
    }

    /// <summary>Whoever has an IPv6 address has a network of them, of 64 bits at least: that counts as one.</summary>
    internal static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
