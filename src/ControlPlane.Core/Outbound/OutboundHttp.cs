using System.Net;
using System.Net.Sockets;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Outbound;

/// <summary>Section <c>Outbound</c>: what is called on the word of a customer or reseller.</summary>
public sealed class OutboundOptions
{
    /// <summary>Also plain HTTP, any port, and addresses of our own networks: for development and for sandboxes on this machine.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>From the first byte sent to the last one read.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Of an answer; a longer one is refused.</summary>
    public int AnswerBytesMax { get; set; } = 64 * 1024;
}

/// <summary>A call was not made, because of where it would have gone.</summary>
public sealed class OutboundRefusedException(string message) : HttpRequestException(message);

/// <summary>
/// The client by which the service calls addresses that others have named. It looks an address up, checks it, and connects to that very address: an answer of the name
/// service that changes in between changes nothing. HTTPS on port 443 or 8443 only, no redirects, no cookies, no proxy. Nothing is repeated here: that is for operations.
/// </summary>
public static class OutboundHttp
{
    public const string ClientName = "outbound";
    static readonly int[] Ports = [443, 8443];

    public static IServiceCollection AddOutboundHttp(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Outbound").Get<OutboundOptions>() ?? new();
        services.AddHttpClient(ClientName, http =>
        {
            http.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
            http.MaxResponseContentBufferSize = options.AnswerBytesMax;
            http.DefaultRequestHeaders.UserAgent.ParseAdd("faktory-cloud");
        }).ConfigurePrimaryHttpMessageHandler(() => CreateHandler(options)).RemoveAllLoggers();
        return services;
    }

    public static SocketsHttpHandler CreateHandler(OutboundOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancel) => ConnectAsync(context, options, cancel),
    };

    /// <summary>Whether an address may be called at all, before anybody looks its name up.</summary>
    public static bool MayCall(Uri address, OutboundOptions options) =>
        address is { IsAbsoluteUri: true, UserInfo.Length: 0 } && (options.AllowPrivateAddresses ? address.Scheme is "http" or "https" : address.Scheme == "https" && Ports.Contains(address.Port));

    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, OutboundOptions options, CancellationToken cancel)
    {
        if (context.InitialRequestMessage.RequestUri is not { } address || !MayCall(address, options))
            throw new OutboundRefusedException("Only https on port 443 or 8443 is called.");
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var allowed = options.AllowPrivateAddresses ? found : [.. found.Where(WebhookTargets.IsPublic)];
        // One closed address among open ones is a trick, not a mistake.
        if (allowed.Length == 0 || allowed.Length < found.Length)
            throw new OutboundRefusedException($"{context.DnsEndPoint.Host} is not an address of the Internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
