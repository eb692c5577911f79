using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>What the Open Service Broker API has in headers: the version, the request's identity, and who on the platform asked for it.</summary>
sealed class BrokerHeaders : IEndpointFilter
{
    internal const string Version = "X-Broker-API-Version", RequestIdentity = "X-Broker-API-Request-Identity", OriginatingIdentity = "X-Broker-API-Originating-Identity";
    const int MinorMin = 13, MinorMax = 17, RequestIdentityLengthMax = 200;
    static readonly object Key = new();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers[RequestIdentity] is [{ Length: > 0 and <= RequestIdentityLengthMax } identity])
            http.Response.Headers[RequestIdentity] = identity;
        if (!IsSupported(http.Request.Headers[Version]))
            return new(BrokerAnswers.Refuse(412, null, $"The header {Version} must name a version from 2.{MinorMin} to 2.{MinorMax}."));
        if (http.Request.Headers[OriginatingIdentity] is [{ Length: > 0 } header])
        {
            if (ReadOriginator(header) is not { } originator)
                return new(BrokerAnswers.Refuse(400, null, $"The header {OriginatingIdentity} must be a platform and a JSON object in Base64."));
            http.Items[Key] = originator;
        }
        return next(context);
    }

    /// <summary>Who on the platform asked, for the audit log; null where the platform does not say.</summary>
    internal static string? Originator(HttpContext http) => http.Items[Key] as string;

    internal static bool IsSupported(string? version) =>
        version?.Split('.') is ["2", var minor] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= MinorMin and <= MinorMax;

    static string? ReadOriginator(string header)
    {
        if (header.Split(' ') is not [{ Length: > 0 } platform, var encoded])
            return null;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        try
        {
            using var json = JsonDocument.Parse(bytes.AsMemory(0, length));
            return json.RootElement.ValueKind == JsonValueKind.Object ? $"{platform} {Encoding.UTF8.GetString(bytes, 0, length)}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
