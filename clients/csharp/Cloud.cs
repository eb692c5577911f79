using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace FaktoryCloud;

/// <summary>Where a <see cref="FaktoryCloudClient"/> comes from.</summary>
public static class Cloud
{
    /// <summary>A client that may be kept and used by many callers at once.</summary>
    /// <param name="address">Of the API, for example https://api.example.com.</param>
    /// <param name="token">An API token; null for the calls that need none, such as the sign-up.</param>
    /// <param name="organization">The id of the organization to act for, of a person who is in several.</param>
    /// <param name="http">Sends the calls, if it should not be the usual client with its retries of 429, 503 and 504.</param>
    public static FaktoryCloudClient Connect(Uri address, string? token = null, string? organization = null, HttpClient? http = null) =>
        new(new HttpClientRequestAdapter(new CallHeaders(token, organization), httpClient: http) { BaseUrl = address.ToString().TrimEnd('/') });
}

/// <summary>What goes with every call: who asks, for whom, and a key by which a repeated POST is known.</summary>
sealed class CallHeaders(string? token, string? organization) : IAuthenticationProvider
{
    public Task AuthenticateRequestAsync(RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default)
    {
        if (token is not null)
            request.Headers.TryAdd("Authorization", $"Bearer {token}");
        if (organization is not null)
            request.Headers.TryAdd("Faktory-Organization", organization);
        if (request.HttpMethod == Method.POST)
            request.Headers.TryAdd("Idempotency-Key", Guid.NewGuid().ToString());
        return Task.CompletedTask;
    }
}
