using System.Globalization;

namespace Faktory.Server.Config;

/// <summary>Where metrics are sent by OTLP over HTTP, in JSON; from the variables that OpenTelemetry has for it.</summary>
/// <param name="Endpoint">The whole address, such as <c>http://localhost:4318/v1/metrics</c>.</param>
/// <param name="Headers">Sent with each request.</param>
/// <param name="ServiceName">What this server is called there.</param>
/// <param name="Every">How long from one round to the next.</param>
sealed record OtlpSettings(Uri Endpoint, IReadOnlyList<(string Name, string Value)> Headers, string ServiceName, TimeSpan Every)
{
    const string MetricsPath = "/v1/metrics";

    /// <summary>Null when no endpoint is named: metrics are not sent.</summary>
    /// <exception cref="ConfigurationException">A variable cannot be used.</exception>
    internal static OtlpSettings? Find(Func<string, string?> variable)
    {
        var whole = variable("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        var start = variable("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (string.IsNullOrEmpty(whole) && string.IsNullOrEmpty(start))
            return null;
        var address = string.IsNullOrEmpty(whole) ? start!.TrimEnd('/') + MetricsPath : whole;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new ConfigurationException($"OTEL_EXPORTER_OTLP_ENDPOINT must be http://host:4318 or https://host, and is {address}");
        var interval = 60_000;
        if (variable("OTEL_METRIC_EXPORT_INTERVAL") is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out interval) || interval < 1000))
            throw new ConfigurationException($"OTEL_METRIC_EXPORT_INTERVAL must be milliseconds, at least 1000, and is {text}");
        return new OtlpSettings(
            endpoint, HeadersOf(variable("OTEL_EXPORTER_OTLP_HEADERS") ?? ""), variable("OTEL_SERVICE_NAME") is { Length: > 0 } name ? name : "faktory-server",
            TimeSpan.FromMilliseconds(interval));
    }

    // name=value,name=value; values are URL-escaped
    static List<(string, string)> HeadersOf(string text) =>
    [
        .. from header in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
           let parts = header.Split('=', 2)
           where parts.Length == 2
           select (parts[0].Trim(), Uri.UnescapeDataString(parts[1].Trim()).ReplaceLineEndings("")),
    ];
}
