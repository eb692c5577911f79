using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Core.Resellers.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Networks that may be reached although they are not public, over http and on any port: for development and for receivers in the operator's own house. Empty in a hosted service.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    public bool IsAllowed(IPAddress address) => AllowedNetworks.Any(n => IPNetwork.TryParse(n, out var network) && network.Contains(WebhookTargets.Plain(address)));
}

/// <summary>
/// Where deliveries may go. A reseller names the address and our network carries the request: without this it would reach what only we can. Names are resolved by whoever
/// connects, and what they resolve to is checked there, at the moment of connecting.
/// </summary>
public static class WebhookTargets
{
    /// <summary>Everything that RFC 6890 and its successors set aside: no host of the public internet has such an address.</summary>
    static readonly IPNetwork[] notPublic =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(IPNetwork.Parse),
    ];

    /// <summary>What the address is at heart: a v4 address that is written as a v6 one is that v4 address.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        // ::/3 holds loopback, v4-mapped and NAT64 forms; 2000::/3 is all that is given out.
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !notPublic.Any(n => n.Contains(plain));
    }

    /// <summary>By its text alone: https on 443 or 8443 without credentials, and no address of a network that nobody outside reaches.</summary>
    public static bool IsAcceptable(string text, WebhookOptions options)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.Scheme is not ("https" or "http"))
            return false;
        var isLiteral = IPAddress.TryParse(url.DnsSafeHost, out var address);
        if (isLiteral && options.IsAllowed(address!))
            return true;
        return url is { Scheme: "https", Port: 443 or 8443 } && (isLiteral ? IsPublic(address!) : url.Host.Contains('.') && !url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));
    }
}
