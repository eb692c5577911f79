namespace ControlPlane.Client;

/// <content>What payment providers say, and how it agrees with what is known here.</content>
public sealed partial class ControlPlaneClient
{
    /// <param name="state">pending, done, ignored, parked, dead or skipped.</param>
    public Task<Page<InboxEventResource>> ListInboxEventsAsync(string? state = null, string? type = null, string? @object = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<InboxEventResource>>(Paged(Query("v1/operator/webhooks", ("state", state), ("type", type), ("object", @object)), cursor), cancel);
    public Task<InboxEventDetailResource> GetInboxEventAsync(string id, CancellationToken cancel = default) => GetAsync<InboxEventDetailResource>($"v1/operator/webhooks/{id}", cancel);
    public Task<InboxEventResource> ReplayInboxEventAsync(string id, CancellationToken cancel = default) => PostAsync<InboxEventResource>($"v1/operator/webhooks/{id}/replay", null, cancel);
    public Task<InboxEventResource> SkipInboxEventAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<InboxEventResource>($"v1/operator/webhooks/{id}/skip", request, cancel);

    /// <param name="state">open or resolved.</param>
    public Task<Page<DifferenceResource>> ListDifferencesAsync(string? state = null, string? kind = null, string? @class = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<DifferenceResource>>(Paged(Query("v1/operator/reconciliation", ("state", state), ("kind", kind), ("class", @class)), cursor), cancel);
    public Task<DifferenceResource> CloseDifferenceAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<DifferenceResource>($"v1/operator/reconciliation/{id}/close", request, cancel);
    public Task<ReconciliationRunsResponse> ListReconciliationRunsAsync(CancellationToken cancel = default) => GetAsync<ReconciliationRunsResponse>("v1/operator/reconciliation/runs", cancel);

    public Task<OnboardingResponse> OnboardPartyAsync(string party, CancellationToken cancel = default) => PostAsync<OnboardingResponse>($"v1/operator/parties/{party}/onboarding", null, cancel);
    public Task<TransferReversalsResponse> ReverseTransfersAsync(string party, ReverseTransfersRequest request, CancellationToken cancel = default) =>
        PostAsync<TransferReversalsResponse>($"v1/operator/parties/{party}/transfer-reversals", request, cancel);
    public Task<TransferReversalsResponse> ListTransferReversalsAsync(string party, CancellationToken cancel = default) => GetAsync<TransferReversalsResponse>($"v1/operator/parties/{party}/transfer-reversals", cancel);
}
