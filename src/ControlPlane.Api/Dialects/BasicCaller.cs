using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects;

/// <summary>HTTP Basic (RFC 7617) with an integration's key and password, for the dialects that have it.</summary>
/// <param name="refuse">How this dialect words a 401.</param>
sealed class BasicCaller(Dialect dialect, Func<IResult> refuse) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var integrations = http.RequestServices.GetRequiredService<IntegrationLookup>();
        if (TryRead(http.Request.Headers.Authorization, out var key, out var password)
            && await integrations.EnterAsync(dialect, key, http.Address(), http.RequestAborted) is { } caller
            && IntegrationLookup.IsPassword(caller.Integration, password))
        {
            http.Recognize(caller);
            return await next(context);
        }
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"faktory-cloud\"";
        return refuse();
    }

    static bool TryRead(string? header, [NotNullWhen(true)] out string? key, [NotNullWhen(true)] out string? password)
    {
        (key, password) = (null, null);
        if (!AuthenticationHeaderValue.TryParse(header, out var parsed) || !parsed.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return false;
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(parsed.Parameter ?? "", bytes, out var length) || Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is not [var left, var right])
            return false;
        (key, password) = (left, right);
        return true;
    }
}
