namespace ControlPlane.Client;

/// <content>What a reseller does for its customers, what a customer may do about its reseller, and who is a reseller.</content>
public sealed partial class ControlPlaneClient
{
    public Task<ResellerResource> GetResellerAsync(CancellationToken cancel = default) => GetAsync<ResellerResource>("v1/reseller", cancel);
    public Task<ManagedCustomerResource> CreateManagedCustomerAsync(CreateManagedCustomerRequest request, CancellationToken cancel = default) => PostAsync<ManagedCustomerResource>("v1/reseller/customers", request, cancel);
    public Task<Page<ManagedCustomerResource>> ListManagedCustomersAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<ManagedCustomerResource>>(Paged("v1/reseller/customers", cursor), cancel);
    public Task<ManagedCustomerResource> GetManagedCustomerAsync(string id, CancellationToken cancel = default) => GetAsync<ManagedCustomerResource>($"v1/reseller/customers/{id}", cancel);
    public Task InviteOwnerAsync(string customer, CancellationToken cancel = default) => PostAsync<object?>($"v1/reseller/customers/{customer}/invite", null, cancel);
    public Task<TakeOverResponse> ReleaseCustomerAsync(string customer, CancellationToken cancel = default) => PostAsync<TakeOverResponse>($"v1/reseller/customers/{customer}/release", null, cancel);

    /// <param name="waitSeconds">How long the service may hold the answer until the instance runs: 0 to 60.</param>
    public Task<ManagedInstanceResource> CreateManagedInstanceAsync(CreateManagedInstanceRequest request, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<ManagedInstanceResource>("v1/reseller/instances", request, cancel, waitSeconds);
    public Task<Page<ManagedInstanceResource>> ListManagedInstancesAsync(string? customer = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<ManagedInstanceResource>>(Paged(Query("v1/reseller/instances", ("customer", customer)), cursor), cancel);
    public Task<ManagedInstanceResource> GetManagedInstanceAsync(string id, CancellationToken cancel = default) => GetAsync<ManagedInstanceResource>(Managed(id), cancel);
    public Task<ManagedInstanceResource> ChangeManagedPlanAsync(string id, ChangeManagedPlanRequest request, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<ManagedInstanceResource>($"{Managed(id)}/change-plan", request, cancel, waitSeconds);
    public Task<ManagedInstanceResource> SuspendManagedInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<ManagedInstanceResource>($"{Managed(id)}/suspend", null, cancel, waitSeconds);
    public Task<ManagedInstanceResource> ResumeManagedInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<ManagedInstanceResource>($"{Managed(id)}/resume", null, cancel, waitSeconds);
    public Task<ManagedInstanceResource> RotateManagedPasswordAsync(string id, RotatePasswordRequest? request = null, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<ManagedInstanceResource>($"{Managed(id)}/rotate", request, cancel, waitSeconds);
    public Task<ManagedInstanceResource> DeprovisionAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => SendAsync<ManagedInstanceResource>(HttpMethod.Delete, Managed(id), null, waitSeconds, cancel);
    public Task<CredentialsResponse> GetManagedCredentialsAsync(string id, CancellationToken cancel = default) => GetAsync<CredentialsResponse>($"{Managed(id)}/credentials", cancel);
    public Task<ManagedUsageResponse> GetManagedUsageAsync(string id, CancellationToken cancel = default) => GetAsync<ManagedUsageResponse>($"{Managed(id)}/usage", cancel);
    public Task<SignOnResponse> SignOnAsync(string id, SignOnRequest request, CancellationToken cancel = default) => PostAsync<SignOnResponse>($"{Managed(id)}/sign-on", request, cancel);

    public Task<PartyRevenueResponse> GetResellerRevenueAsync(CancellationToken cancel = default) => GetAsync<PartyRevenueResponse>("v1/reseller/revenue", cancel);
    public Task<Page<ContractResource>> ListResellerContractsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<ContractResource>>(Paged("v1/reseller/contracts", cursor), cancel);
    public Task<Page<StatementSummary>> ListResellerStatementsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<StatementSummary>>(Paged("v1/reseller/statements", cursor), cancel);
    public Task<StatementResource> GetResellerStatementAsync(string month, string currency, CancellationToken cancel = default) => GetAsync<StatementResource>($"v1/reseller/statements/{month}/{currency}", cancel);

    /// <param name="extension">csv, html or pdf.</param>
    public Task<byte[]> GetResellerStatementFileAsync(string month, string currency, string extension, CancellationToken cancel = default) => GetBytesAsync($"v1/reseller/statements/{month}/{currency}.{extension}", "*/*", cancel);
    public Task<Page<PayoutResource>> ListResellerPayoutsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<PayoutResource>>(Paged("v1/reseller/payouts", cursor), cancel);

    public Task<Page<TokenResource>> ListResellerKeysAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<TokenResource>>(Paged("v1/reseller/keys", cursor), cancel);
    public Task<CreatedTokenResponse> CreateResellerKeyAsync(CreateResellerKeyRequest request, CancellationToken cancel = default) => PostAsync<CreatedTokenResponse>("v1/reseller/keys", request, cancel);
    public Task RevokeResellerKeyAsync(string id, CancellationToken cancel = default) => SendAsync<object?>(HttpMethod.Delete, $"v1/reseller/keys/{id}", null, 0, cancel);

    public Task<Page<WebhookResource>> ListWebhooksAsync(CancellationToken cancel = default) => GetAsync<Page<WebhookResource>>("v1/reseller/webhooks", cancel);
    public Task<WebhookSecretResponse> CreateWebhookAsync(CreateWebhookRequest request, CancellationToken cancel = default) => PostAsync<WebhookSecretResponse>("v1/reseller/webhooks", request, cancel);
    public Task<WebhookResource> UpdateWebhookAsync(string id, UpdateWebhookRequest request, CancellationToken cancel = default) => SendAsync<WebhookResource>(HttpMethod.Patch, $"v1/reseller/webhooks/{id}", request, 0, cancel);
    public Task DeleteWebhookAsync(string id, CancellationToken cancel = default) => SendAsync<object?>(HttpMethod.Delete, $"v1/reseller/webhooks/{id}", null, 0, cancel);
    public Task<WebhookSecretResponse> RotateWebhookSecretAsync(string id, CancellationToken cancel = default) => PostAsync<WebhookSecretResponse>($"v1/reseller/webhooks/{id}/rotate-secret", null, cancel);
    public Task<DeliveryResource> TestWebhookAsync(string id, CancellationToken cancel = default) => PostAsync<DeliveryResource>($"v1/reseller/webhooks/{id}/test", null, cancel);

    /// <param name="state">pending, delivered or dead.</param>
    public Task<Page<DeliveryResource>> ListDeliveriesAsync(string? state = null, string? webhook = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<DeliveryResource>>(Paged(Query("v1/reseller/deliveries", ("state", state), ("webhook", webhook)), cursor), cancel);
    public Task<DeliveryResource> GetDeliveryAsync(string id, CancellationToken cancel = default) => GetAsync<DeliveryResource>($"v1/reseller/deliveries/{id}", cancel);
    public Task<DeliveryResource> RedeliverAsync(string id, CancellationToken cancel = default) => PostAsync<DeliveryResource>($"v1/reseller/deliveries/{id}/redeliver", null, cancel);

    public Task<WhiteLabelResource> GetWhiteLabelAsync(CancellationToken cancel = default) => GetAsync<WhiteLabelResource>("v1/reseller/brand", cancel);
    public Task<byte[]> PreviewMailAsync(CancellationToken cancel = default) => GetBytesAsync("v1/reseller/brand/mail", "text/html", cancel);
    public Task<WhiteLabelResource> PutWhiteLabelAsync(PutBrandRequest request, CancellationToken cancel = default) => SendAsync<WhiteLabelResource>(HttpMethod.Put, "v1/reseller/brand", request, 0, cancel);
    public Task<WhiteLabelResource> VerifyDomainAsync(CancellationToken cancel = default) => PostAsync<WhiteLabelResource>("v1/reseller/brand/verify-domain", null, cancel);
    public Task<SandboxClockResource> GetSandboxClockAsync(CancellationToken cancel = default) => GetAsync<SandboxClockResource>("v1/reseller/sandbox/clock", cancel);
    public Task<SandboxClockResource> AdvanceSandboxAsync(AdvanceSandboxRequest request, CancellationToken cancel = default) => PostAsync<SandboxClockResource>("v1/reseller/sandbox/clock", request, cancel);

    public Task<BrandResource> GetBrandAsync(string host, CancellationToken cancel = default) => GetAsync<BrandResource>($"v1/brand?host={Uri.EscapeDataString(host)}", cancel);
    public Task<MyResellerResource> GetMyResellerAsync(CancellationToken cancel = default) => GetAsync<MyResellerResource>("v1/organization/reseller", cancel);
    public Task<TakeOverResponse> TakeOverAsync(TakeOverRequest request, CancellationToken cancel = default) => PostAsync<TakeOverResponse>("v1/organization/take-over", request, cancel);
    public Task<InvitationResource> LookAtInvitationAsync(InvitationRequest request, CancellationToken cancel = default) => PostAsync<InvitationResource>("v1/invitations/look", request, cancel);
    public Task<UserResource> AcceptInvitationAsync(AcceptInvitationRequest request, CancellationToken cancel = default) => PostAsync<UserResource>("v1/invitations/accept", request, cancel);

    public Task<Page<OperatorResellerResource>> ListResellersAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<OperatorResellerResource>>(Paged("v1/operator/resellers", cursor), cancel);
    public Task<OperatorResellerResource> CreateResellerAsync(CreateResellerRequest request, CancellationToken cancel = default) => PostAsync<OperatorResellerResource>("v1/operator/resellers", request, cancel);
    public Task<OperatorResellerResource> UpdateResellerAsync(string id, UpdateResellerRequest request, CancellationToken cancel = default) => SendAsync<OperatorResellerResource>(HttpMethod.Patch, $"v1/operator/resellers/{id}", request, 0, cancel);
    public Task<OperatorResellerResource> SuspendResellerAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<OperatorResellerResource>($"v1/operator/resellers/{id}/suspend", request, cancel);
    public Task<OperatorResellerResource> ResumeResellerAsync(string id, CancellationToken cancel = default) => PostAsync<OperatorResellerResource>($"v1/operator/resellers/{id}/resume", null, cancel);
    public Task<IntegrationResource> CreateIntegrationAsync(string reseller, CreateIntegrationRequest request, CancellationToken cancel = default) => PostAsync<IntegrationResource>($"v1/operator/resellers/{reseller}/integrations", request, cancel);
    public Task<IntegrationDetails> GetAnyIntegrationAsync(string id, CancellationToken cancel = default) => GetAsync<IntegrationDetails>($"v1/operator/integrations/{id}", cancel);
    public Task<IntegrationResource> UpdateIntegrationAsync(string id, UpdateIntegrationRequest request, CancellationToken cancel = default) => SendAsync<IntegrationResource>(HttpMethod.Patch, $"v1/operator/integrations/{id}", request, 0, cancel);

    static string Managed(string id) => $"v1/reseller/instances/{Uri.EscapeDataString(id)}";
}
