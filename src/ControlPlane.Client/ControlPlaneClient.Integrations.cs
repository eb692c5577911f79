namespace ControlPlane.Client;

/// <content>The ways by which a reseller's platforms plug in.</content>
public sealed partial class ControlPlaneClient
{
    public Task<IntegrationCredentials> AddIntegrationAsync(AddIntegrationRequest request, CancellationToken cancel = default) => PostAsync<IntegrationCredentials>("v1/reseller/integrations", request, cancel);
    public Task<IntegrationDetails> GetIntegrationAsync(string id, CancellationToken cancel = default) => GetAsync<IntegrationDetails>($"v1/reseller/integrations/{id}", cancel);
    public Task<IntegrationDetails> ChangeIntegrationAsync(string id, ChangeIntegrationRequest request, CancellationToken cancel = default) => SendAsync<IntegrationDetails>(HttpMethod.Patch, $"v1/reseller/integrations/{id}", request, 0, cancel);
    public Task<IntegrationCredentials> RotateIntegrationAsync(string id, CancellationToken cancel = default) => PostAsync<IntegrationCredentials>($"v1/reseller/integrations/{id}/rotate", null, cancel);
    public Task<IntegrationResource> DisableIntegrationAsync(string id, CancellationToken cancel = default) => SendAsync<IntegrationResource>(HttpMethod.Delete, $"v1/reseller/integrations/{id}", null, 0, cancel);

    public Task<OperationResource> RefundPlatformInvoiceAsync(string id, RefundPlatformInvoiceRequest request, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/reseller/integrations/{id}/refunds", request, cancel);

    /// <summary>Takes up to a minute.</summary>
    public Task<CertificationReport> GetCertificationAsync(string id, CancellationToken cancel = default) => GetAsync<CertificationReport>($"v1/reseller/integrations/{id}/certification", cancel);
    public Task<byte[]> GetCertificationPageAsync(string id, CancellationToken cancel = default) => GetBytesAsync($"v1/reseller/integrations/{id}/certification", "text/html", cancel);
    public Task<CertificationReport> CertifyIntegrationAsync(string id, CancellationToken cancel = default) => PostAsync<CertificationReport>($"v1/reseller/integrations/{id}/certify", null, cancel);
}
