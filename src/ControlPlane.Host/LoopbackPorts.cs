using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Host;

/// <summary>Chooses ports on loopback, IPv4 and IPv6.</summary>
static class LoopbackPorts
{
    internal const int PreferredPortal = 8080;
    internal const int PreferredApi = 8081;
    const int triesMax = 200;

    /// <param name="wanted">What was asked for by name, and is therefore taken or refused.</param>
    /// <param name="but">Given away already.</param>
    /// <exception cref="HostRefusedException">It is taken.</exception>
    internal static int Choose(int? wanted, int preferred, string option, int? but = null)
    {
        if (wanted is { } port)
            return port != but && IsFree(port) ? port : throw new HostRefusedException($"Port {port} is taken. Choose another one with {option}, or leave {option} out.");
        return Enumerable.Range(preferred, triesMax).Where(candidate => candidate != but && IsFree(candidate)).Cast<int?>().FirstOrDefault()
            ?? throw new HostRefusedException($"No port between {preferred} and {preferred + triesMax - 1} is free. Choose one with {option}.");
    }

    static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException fault)
        {
            // A machine may know IPv6 and have no address of it: nobody can be in the way there.
            return fault.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
