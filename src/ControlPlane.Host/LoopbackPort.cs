using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Host;

/// <summary>
/// A TCP port on loopback, IPv4 and IPv6, that nobody listens on and no other host is about to: between choosing a port and listening on it
/// lie seconds in which two hosts that start together would choose the same. The UDP port of the same number, which nothing else
/// uses, is held as the claim, and freed by the system however we end.
/// </summary>
sealed class LoopbackPort : IDisposable
{
    internal const int PreferredPortal = 8080;
    internal const int PreferredApi = 8081;
    const int triesMax = 200;

    readonly Socket claim;

    LoopbackPort(int number, Socket claim) => (Number, this.claim) = (number, claim);

    internal int Number { get; }

    /// <param name="wanted">What was asked for by name, and is therefore taken or refused.</param>
    /// <param name="preferred">The first to try otherwise.</param>
    /// <param name="option">How to ask for another.</param>
    /// <param name="leave">One that somebody else has been promised.</param>
    /// <exception cref="HostRefusedException">It is taken, or none is free.</exception>
    internal static LoopbackPort Claim(int? wanted, int preferred, string option, int? leave = null)
    {
        if (wanted is { } port)
            return TryClaim(port) ?? throw new HostRefusedException($"Port {port} is taken. Choose another one with {option}, or leave {option} out.");
        return Enumerable.Range(preferred, triesMax).Where(candidate => candidate != leave).Select(TryClaim).FirstOrDefault(claimed => claimed is not null)
            ?? throw new HostRefusedException($"No port between {preferred} and {preferred + triesMax - 1} is free. Choose one with {option}.");
    }

    public void Dispose() => claim.Dispose();

    static LoopbackPort? TryClaim(int port)
    {
        var claim = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        try
        {
            claim.Bind(new IPEndPoint(IPAddress.Loopback, port));
            if (CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port)))
                return new LoopbackPort(port, claim);
        }
        catch (SocketException)
        {
            // Somebody else's, or below 1024 and not for us.
        }
        claim.Dispose();
        return null;
    }

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
