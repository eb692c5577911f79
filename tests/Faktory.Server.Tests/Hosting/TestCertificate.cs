using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faktory.Server.Tests.Hosting;

/// <summary>A key pair for <c>localhost</c> in the two files that the server looks for.</summary>
static class TestCertificate
{
    /// <summary>Returns the certificate, for a client to trust.</summary>
    internal static X509Certificate2 Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(TestServer.StartedAt.AddYears(-10), TestServer.StartedAt.AddYears(10));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "public.cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "private.key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
