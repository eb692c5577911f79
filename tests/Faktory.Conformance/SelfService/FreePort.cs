using System.Net;
using System.Net.Sockets;

namespace Faktory.Conformance.SelfService;

/// <summary>A port for a listener that has to be told one.</summary>
static class FreePort
{
    internal static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
