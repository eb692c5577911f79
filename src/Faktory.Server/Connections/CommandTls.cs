using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faktory.Server.Config;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Faktory.Server.Connections;

/// <summary>
/// TLS on the command port, when the configuration folder holds <c>public.cert.pem</c> (the certificate, then its chain) and
/// <c>private.key.pem</c>. The pair can be read again at any time; connections that are open keep the one they have.
/// </summary>
sealed partial class CommandTls : IDisposable
{
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    static readonly TimeSpan HandshakeFor = TimeSpan.FromSeconds(5);

    readonly string _certificatePath;
    readonly string _keyPath;
    volatile SslServerAuthenticationOptions _options;
    ITimer? _watch;
    (DateTime, DateTime) _seen;

    CommandTls(string certificatePath, string keyPath)
    {
        _certificatePath = certificatePath;
        _keyPath = keyPath;
        _options = Load();
    }

    /// <summary>Null when the folder has neither file: commands are served without TLS.</summary>
    /// <exception cref="ConfigurationException">There is only one of the two, or they are not a certificate and its key.</exception>
    internal static CommandTls? Find(string? configDirectory)
    {
        if (configDirectory is null)
            return null;
        var (certificate, key) = (Path.Combine(configDirectory, "public.cert.pem"), Path.Combine(configDirectory, "private.key.pem"));
        return (File.Exists(certificate), File.Exists(key)) switch
        {
            (false, false) => null,
            (true, true) => new CommandTls(certificate, key),
            // Serving in the clear what was meant to be protected would be the worse answer.
            (true, false) => throw new ConfigurationException($"{certificate} is there, but {key} is not"),
            (false, true) => throw new ConfigurationException($"{key} is there, but {certificate} is not"),
        };
    }

    /// <summary>Reads the pair again soon after its files have changed, as renewal by another program does.</summary>
    internal void Watch(TimeProvider clock, ILogger log)
    {
        _seen = Stamp();
        _watch = clock.CreateTimer(_ => Follow(log), null, LookEvery, LookEvery);
    }

    public void Dispose() => _watch?.Dispose();

    /// <exception cref="ConfigurationException">The files cannot be used; the pair that was read before stays.</exception>
    internal void Reload() => _options = Load();

    internal void Protect(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(_options),
        HandshakeTimeout = HandshakeFor,
    });

    // Polled: a watch on a folder misses what is renewed behind a symbolic link, as orchestrators mount secrets.
    void Follow(ILogger log)
    {
        var stamp = Stamp();
        if (stamp == _seen)
            return;
        _seen = stamp;
        try
        {
            Reload();
            LogRenewed(log, _certificatePath);
        }
        catch (ConfigurationException e)
        {
            // Between the two files of a renewal, most likely: the second one changes the stamp again.
            LogUnusable(log, e.Message);
        }
    }

    (DateTime, DateTime) Stamp() => (WrittenAt(_certificatePath), WrittenAt(_keyPath));

    static DateTime WrittenAt(string path)
    {
        try
        {
            return (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)).LastWriteTimeUtc;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is being replaced.
            return default;
        }
    }

    [LoggerMessage(LogLevel.Information, "The certificate {path} has changed and is in use for new connections")]
    static partial void LogRenewed(ILogger log, string path);

    [LoggerMessage(LogLevel.Warning, "The certificate has changed and is not in use: {reason}")]
    static partial void LogUnusable(ILogger log, string reason);

    SslServerAuthenticationOptions Load()
    {
        try
        {
            var certificatePem = File.ReadAllText(_certificatePath);
            var certificate = X509Certificate2.CreateFromPem(certificatePem, File.ReadAllText(_keyPath));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            chain.RemoveAt(0);
            return new SslServerAuthenticationOptions
            {
                // Offline: a server of jobs asks nobody, not even the issuer of its certificate.
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"cannot use {_certificatePath} with {_keyPath}: {e.Message}");
        }
    }
}
