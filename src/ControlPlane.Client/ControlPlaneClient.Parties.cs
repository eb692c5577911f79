namespace ControlPlane.Client;

/// <content>What a vendor or a reseller sees of its own money.</content>
public sealed partial class ControlPlaneClient
{
    public Task<Page<OwnPartyResource>> ListOwnPartiesAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<OwnPartyResource>>(Paged("v1/parties", cursor), cancel);
    public Task<OwnPartyResource> GetOwnPartyAsync(string party, CancellationToken cancel = default) => GetAsync<OwnPartyResource>(Own(party), cancel);
    public Task<PartyRevenueResponse> GetOwnRevenueAsync(string party, CancellationToken cancel = default) => GetAsync<PartyRevenueResponse>($"{Own(party)}/revenue", cancel);
    public Task<Page<ContractResource>> ListOwnContractsAsync(string party, string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<ContractResource>>(Paged($"{Own(party)}/contracts", cursor), cancel);
    public Task<Page<PayoutResource>> ListOwnPayoutsAsync(string party, string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<PayoutResource>>(Paged($"{Own(party)}/payouts", cursor), cancel);
    public Task<Page<StatementSummary>> ListOwnStatementsAsync(string party, string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<StatementSummary>>(Paged($"{Own(party)}/statements", cursor), cancel);
    public Task<StatementResource> GetOwnStatementAsync(string party, string month, string currency, CancellationToken cancel = default) =>
        GetAsync<StatementResource>($"{Own(party)}/statements/{Uri.EscapeDataString(month)}/{Uri.EscapeDataString(currency)}", cancel);

    /// <param name="extension">csv, html or pdf.</param>
    public Task<byte[]> GetOwnStatementFileAsync(string party, string month, string currency, string extension, CancellationToken cancel = default) =>
        GetBytesAsync($"{Own(party)}/statements/{Uri.EscapeDataString(month)}/{Uri.EscapeDataString(currency)}.{Uri.EscapeDataString(extension)}", "*/*", cancel);

    static string Own(string party) => $"v1/parties/{Uri.EscapeDataString(party)}";
}
