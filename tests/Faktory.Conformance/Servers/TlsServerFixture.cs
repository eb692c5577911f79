namespace Faktory.Conformance.Servers;

/// <summary>One server with TLS for all tests of a class.</summary>
public sealed class TlsServerFixture : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faktory-authority-");

    internal ServerProcess Server { get; private set; } = null!;

    internal TestCertificate Certificate { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>The authority's certificate as PEM, for clients that read files.</summary>
    internal string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(AuthorityFile, Certificate.Authority.ExportCertificatePem());
        Server = await ServerProcess.StartAsync(Certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
