using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Faktory.Server.Config;

/// <summary><c>host:port</c> as on the command line. An empty host is every address of the machine; port 0 is any free one.</summary>
static class Binding
{
    /// <exception cref="ConfigurationException">It is not such a text, or the host has no address.</exception>
    internal static IPEndPoint Parse(string text)
    {
        var (host, port) = Split(text);
        return new IPEndPoint(AddressOf(host, text), port);
    }

    /// <exception cref="ConfigurationException">It is not host:port.</exception>
    internal static (string Host, ushort Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon >= 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon].Trim('[', ']'), port)
            : throw new ConfigurationException($"\"{text}\" is not host:port");
    }

    static IPAddress AddressOf(string host, string text)
    {
        if (host.Length == 0)
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (host == "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(host, out var address))
            return address;
        try
        {
            return Dns.GetHostAddresses(host)[0];
        }
        catch (SocketException e)
        {
            throw new ConfigurationException($"\"{text}\": {e.Message}");
        }
    }
}
