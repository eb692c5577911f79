using System.Net;
using System.Net.Http.Headers;

namespace Provisioner.Admin;

/// <summary>What an instance's admin port answers to "are you ready".</summary>
enum Readiness
{
    Ready,

    /// <summary>It answers, and is starting, restoring or draining.</summary>
    Busy,

    /// <summary>It refuses to open its data: a human decides.</summary>
    NeedsRepair,
    Silent,
}

/// <summary>Speaks to instances' admin ports. Safe for any number of callers.</summary>
/// <remarks>Everything but <see cref="AskReadyAsync"/> throws <see cref="HttpRequestException"/> when the instance does not answer as agreed.</remarks>
sealed class InstanceAdmin(HttpClient http)
{
    static readonly TimeSpan limit = TimeSpan.FromSeconds(3);

    /// <summary>Instances are dialled directly, whatever proxy the environment names, and a dead address is given up soon.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = limit,
        MaxResponseContentBufferSize = 4 << 20,
    };

    public async Task<Readiness> AskReadyAsync(Uri admin, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(admin, "/readyz"), cancel);
            if (answer.IsSuccessStatusCode)
                return Readiness.Ready;
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                return Readiness.Silent;
            var said = await answer.Content.ReadFromJsonAsync(AdminJson.Default.AdminReadiness, cancel);
            return said?.Status == "needs_repair" ? Readiness.NeedsRepair : Readiness.Busy;
        }
        catch (Exception fault) when (fault is HttpRequestException or System.Text.Json.JsonException
            || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Readiness.Silent;
        }
    }

    public async Task<AdminStats> GetStatsAsync(Uri admin, string token, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, admin, "/admin/stats", token);
        using var answer = await SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(AdminJson.Default.AdminStats, cancel)
            ?? throw new HttpRequestException("the stats were empty");
    }

    /// <summary>Live at once and kept over restarts. False when the instance already has a newer generation.</summary>
    public async Task<bool> PutConfigAsync(Uri admin, string token, ReadOnlyMemory<byte> config, CancellationToken cancel)
    {
        using var answer = await SendConfigAsync(admin, token, config, cancel);
        if (answer.StatusCode == HttpStatusCode.Conflict)
            return false;
        answer.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>The same, for a configuration that may make no sense.</summary>
    /// <returns>Null when it is in force; otherwise why it is not, in the server's words.</returns>
    public async Task<string?> TryPutConfigAsync(Uri admin, string token, ReadOnlyMemory<byte> config, CancellationToken cancel)
    {
        using var answer = await SendConfigAsync(admin, token, config, cancel);
        if (answer.StatusCode == HttpStatusCode.BadRequest && await answer.Content.ReadFromJsonAsync(AdminJson.Default.AdminProblem, cancel) is { } problem)
            return problem.Detail ?? problem.Title;
        answer.EnsureSuccessStatusCode();
        return null;
    }

    async Task<HttpResponseMessage> SendConfigAsync(Uri admin, string token, ReadOnlyMemory<byte> config, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Put, admin, "/admin/config", token);
        request.Content = new ReadOnlyMemoryContent(config) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await SendAsync(request, cancel);
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, cancel);
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("the admin port did not answer in time", fault);
        }
    }

    static HttpRequestMessage Request(HttpMethod method, Uri admin, string path, string token) =>
        new(method, new Uri(admin, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
}
