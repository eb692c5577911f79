using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Core.Outbound;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>A platform did not listen, and may later: it was away, or asked for patience.</summary>
public sealed class PlatformAwayException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A platform does not want what we said, and will not want it later either.</summary>
public sealed class PlatformRefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}

/// <summary>One request to a platform by the client that is careful about addresses, and what its answer means. Safe for any number of callers.</summary>
public sealed class PlatformHttp(IHttpClientFactory clients)
{
    const int SaidMax = 200;

    /// <summary>Sends once.</summary>
    /// <returns>The answer's JSON; an undefined element where there is none.</returns>
    /// <exception cref="PlatformAwayException">Worth trying again.</exception>
    /// <exception cref="PlatformRefusedException">Not worth trying again.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, Uri address, HttpContent? content, AuthenticationHeaderValue? authorization, CancellationToken cancel, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Authorization = authorization;
        request.Headers.Accept.ParseAdd(accept ?? "application/json");
        using var http = clients.CreateClient(OutboundHttp.ClientName);
        try
        {
            using var response = await http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (response.IsSuccessStatusCode)
                return text.Length == 0 ? default : Parse(text);
            var said = $"{method} {address.GetLeftPart(UriPartial.Path)} was answered with {(int)response.StatusCode}: {text[..Math.Min(text.Length, SaidMax)]}";
            throw IsPassing(response.StatusCode) ? new PlatformAwayException(said) : new PlatformRefusedException(response.StatusCode, said);
        }
        catch (OutboundRefusedException refused)
        {
            throw new PlatformRefusedException(HttpStatusCode.Forbidden, refused.Message);
        }
        catch (HttpRequestException error) when (error.InnerException is OutboundRefusedException refused)
        {
            throw new PlatformRefusedException(HttpStatusCode.Forbidden, refused.Message);
        }
        catch (HttpRequestException error)
        {
            throw new PlatformAwayException($"{method} {address.GetLeftPart(UriPartial.Path)} had no answer: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new PlatformAwayException($"{method} {address.GetLeftPart(UriPartial.Path)} took too long", error);
        }
    }

    public Task<JsonElement> SendJsonAsync(HttpMethod method, Uri address, object body, AuthenticationHeaderValue? authorization, CancellationToken cancel, string? accept = null) =>
        SendAsync(method, address, JsonContent.Create(body, body.GetType(), options: PlatformJson.Options), authorization, cancel, accept);

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    static JsonElement Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return default; // A page of words where JSON was expected says no more than its status.
        }
    }
}
