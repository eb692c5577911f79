using System.Collections.Concurrent;
using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Account;

/// <summary>Under whose name a page is shown: that of the reseller who manages the visitor's organization, or of the host it is reached by; the service's own otherwise. Scoped.</summary>
sealed class Brand(Session session, ControlPlaneClient api, BrandsOfHosts hosts, IHttpContextAccessor accessor)
{
    static readonly BrandResource own = new("Faktory Cloud", null, null, null);
    Task<BrandResource>? brand;

    public Task<BrandResource> GetAsync() => brand ??= LoadAsync();

    async Task<BrandResource> LoadAsync()
    {
        var http = accessor.HttpContext;
        if (http?.User.Identity?.IsAuthenticated == true && (await session.MeAsync()).Value is { } me)
            return me.Brand ?? own;
        return http is null ? own : await hosts.GetAsync(http.Request.Host.Host, api) ?? own;
    }
}

/// <summary>What the Api says of hosts, remembered for a minute each, so that visitors do not make a call each. Safe for any number of callers.</summary>
sealed class BrandsOfHosts(TimeProvider clock)
{
    const int HostsMax = 1000;
    static readonly TimeSpan keptFor = TimeSpan.FromMinutes(1);
    readonly ConcurrentDictionary<string, (BrandResource? Brand, DateTimeOffset At)> known = new();

    public async Task<BrandResource?> GetAsync(string host, ControlPlaneClient api)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(host, out var kept) && now - kept.At < keptFor)
            return kept.Brand;
        var reply = await api.GetBrandAsync(host).AsReply();
        // Whoever sends made-up hosts must not fill the memory.
        if (known.Count >= HostsMax)
            known.Clear();
        known[host] = (reply.Value, now);
        return reply.Value;
    }
}
