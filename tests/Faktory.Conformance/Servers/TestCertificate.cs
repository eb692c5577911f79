using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faktory.Conformance.Servers;

/// <summary>An authority of the test's own and a certificate that it signed, for <see cref="Name"/> and 127.0.0.1.</summary>
sealed class TestCertificate : IDisposable
{
    internal const string Name = "jobs.example.com";

    readonly X509Certificate2 _server;

    internal TestCertificate(DateTimeOffset now)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Authority = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=" + Name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(Authority, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        _server = signed.CopyWithPrivateKey(key);
    }

    internal X509Certificate2 Authority { get; }

    /// <summary>The two files by which a server finds its certificate.</summary>
    internal void WriteTo(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "public.cert.pem"), _server.ExportCertificatePem());
        using var key = _server.GetECDsaPrivateKey();
        File.WriteAllText(Path.Combine(folder, "private.key.pem"), key!.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _server.Dispose();
        Authority.Dispose();
    }
}
