using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Faktory.Client;

/// <summary>From an address to a stream of bytes.</summary>
static class Dialling
{
    /// <exception cref="FaktoryConnectionException">Nobody listens there, or the name is unknown.</exception>
    /// <exception cref="FaktoryTlsException">There is no trusted TLS.</exception>
    internal static async Task<Stream> OpenAsync(FaktoryClientOptions options, CancellationToken cancel)
    {
        var stream = await ConnectAsync(options.Url, cancel);
        try
        {
            return options.Url.IsTls ? await SecureAsync(stream, options, cancel) : stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    static async Task<NetworkStream> ConnectAsync(FaktoryUrl url, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(new DnsEndPoint(url.Host, url.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new FaktoryConnectionException($"{url} cannot be reached: {refused.Message}", refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static async Task<SslStream> SecureAsync(NetworkStream plain, FaktoryClientOptions options, CancellationToken cancel)
    {
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(TlsOptions(options), cancel);
            return secure;
        }
        catch (AuthenticationException distrusted)
        {
            throw new FaktoryTlsException($"no trusted TLS with {options.Url}: {distrusted.Message}", distrusted);
        }
        catch (IOException lost)
        {
            throw new FaktoryConnectionException($"{options.Url} closed the connection while TLS began", lost);
        }
    }

    static SslClientAuthenticationOptions TlsOptions(FaktoryClientOptions options)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = options.TlsServerName ?? options.Url.Host };
        if (options.TlsAuthorities is not { } authorities)
            return tls;

        // A private authority publishes no revocation list.
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(authorities);
        tls.CertificateChainPolicy = trust;
        return tls;
    }
}
