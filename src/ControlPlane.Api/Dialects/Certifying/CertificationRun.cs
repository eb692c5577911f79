using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ControlPlane.Client;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.Certifying;

/// <summary>One going through a protocol: what is sent as the platform would send it, and what came. One caller.</summary>
sealed partial class CertificationRun(HttpClient http, ResellerIntegration twin, string password, string salt, string requestKey, CertificationTokens tokens, TimeProvider clock)
{
    const int AnswerLengthMax = 300;
    readonly List<CertificationStep> steps = [];

    internal IReadOnlyList<CertificationStep> Steps => steps;
    internal ResellerIntegration Twin => twin;
    internal string Salt => salt;
    internal string RequestKey => requestKey;
    internal CertificationTokens Tokens => tokens;

    /// <summary>The platform's id of what is made; new each time, since ids are not used again.</summary>
    internal string Id { get; } = Guid.NewGuid().ToString();
    internal long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <param name="expected">Statuses, any of which is right.</param>
    /// <returns>The answer's JSON; an undefined element where there is none.</returns>
    internal async Task<JsonElement> SendAsync(string name, HttpMethod method, string path, HttpContent? content, int[] expected, CancellationToken cancel, string? asPassword = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{twin.Key}:{asPassword ?? password}")));
        foreach (var (header, value) in headers)
        {
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, value);
        }
        var from = clock.GetTimestamp();
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        var status = (int)response.StatusCode;
        var shown = Passwords().Replace(text, ":…@");
        steps.Add(new CertificationStep(
            name, $"{method} /{path.Split('?')[0]}", string.Join(" or ", expected), status, shown[..Math.Min(shown.Length, AnswerLengthMax)], expected.Contains(status), (long)clock.GetElapsedTime(from).TotalMilliseconds));
        return Parse(text);
    }

    internal Task<JsonElement> SendJsonAsync(string name, HttpMethod method, string path, object body, int[] expected, CancellationToken cancel, string? asPassword = null, params (string Name, string Value)[] headers) =>
        SendAsync(name, method, path, JsonContent.Create(body, body.GetType()), expected, cancel, asPassword, headers);

    /// <summary>Something that is to hold of what came.</summary>
    internal void Check(string name, bool holds) => steps.Add(new CertificationStep(name, "", "true", 0, holds ? "true" : "false", holds, 0));

    static JsonElement Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    [GeneratedRegex(":[^:@\\s\"]{20,}@")]
    private static partial Regex Passwords();
}
