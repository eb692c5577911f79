using System.Security.Cryptography.X509Certificates;

namespace Faktory.Client;

/// <summary>How to reach one server. Immutable, shared freely.</summary>
/// <param name="Url">The server and its password.</param>
/// <param name="Clock">What timeouts, pauses and heartbeats are measured by; <see cref="TimeProvider.System"/> outside of tests.</param>
public sealed record FaktoryClientOptions(FaktoryUrl Url, TimeProvider Clock)
{
    /// <summary>From dialling to the server's answer to HELLO. 5 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From sending a command to its whole reply. 15 s unless set; FETCH alone takes 2 s where the queues are empty.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a refused or lost connection is dialled again before the caller hears of it: covers a server's restart. 5 s unless set.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Open connections at most, for a producer and for a worker's reports. 10 unless set.</summary>
    public int ConnectionsMax { get; init; } = 10;

    /// <summary>The longest reply that is read, in bytes. 64 MiB unless set.</summary>
    public int ReplyBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The name that the server's certificate must carry and that SNI sends, where it is not the URL's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The certificate authorities to trust instead of the system's; null for the system's.</summary>
    public X509Certificate2Collection? TlsAuthorities { get; init; }

    // The record's own text would carry the password.
    /// <summary>The address, without secrets.</summary>
    public override string ToString() => Url.ToString();
}
