using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Secrets;

/// <summary>
/// The key ring that all processes share: its keys lie in the database, wrapped by a certificate that does not. Whoever has only the
/// database reads no secret. <c>KeyRing:Certificate</c> names a PKCS#12 file without a password, readable by the service alone.
/// </summary>
public static class KeyRing
{
    public const string CertificateSetting = "KeyRing:Certificate";

    public static IServiceCollection AddKeyRing(this IServiceCollection services, IConfiguration configuration)
    {
        var path = configuration[CertificateSetting]
            ?? throw new InvalidOperationException($"Set {CertificateSetting} to the file that wraps the key ring.");
        services.AddDataProtection()
            .SetApplicationName("faktory-cloud")
            .PersistKeysToDbContext<ControlPlaneDb>()
            .ProtectKeysWithCertificate(X509CertificateLoader.LoadPkcs12FromFile(path, password: null));
        services.AddSingleton<SecretSealer>();
        return services;
    }

    /// <summary>Makes the certificate on a first run, mode 0600. Whoever loses the file loses every secret of the database.</summary>
    public static void EnsureCertificate(string path, TimeProvider clock)
    {
        if (File.Exists(path))
            return;
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=faktory-cloud key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(30));
        var draft = path + ".new";
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(certificate.Export(X509ContentType.Pkcs12));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path);
    }
}
