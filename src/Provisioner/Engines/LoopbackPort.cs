using System.Net;
using System.Net.Sockets;

namespace Provisioner.Engines;

static class LoopbackPort
{
    /// <summary>True when nobody listens on this port on loopback, or on every address.</summary>
    public static bool IsFree(int port)
    {
        // .NET binds with SO_REUSEADDR: connections lingering in TIME_WAIT do not make a port look taken, a listener does.
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            probe.Listen(1);
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
