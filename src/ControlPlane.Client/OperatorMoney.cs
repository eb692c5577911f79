using System.Net.Http.Headers;

namespace ControlPlane.Client;

/// <summary>The operator's calls about what parties earn and are paid.</summary>
public sealed partial class ControlPlaneClient
{
    public Task<Page<ContractResource>> ListContractsAsync(string? party = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<ContractResource>>(Paged(Query("v1/operator/contracts", ("party", party)), cursor), cancel);
    public Task<ContractResource> GetContractAsync(string id, CancellationToken cancel = default) => GetAsync<ContractResource>($"v1/operator/contracts/{id}", cancel);
    public Task<ContractResource> CreateContractAsync(CreateContractRequest request, CancellationToken cancel = default) => PostAsync<ContractResource>("v1/operator/contracts", request, cancel);
    public Task<ContractResource> EndContractAsync(string id, EndContractRequest request, CancellationToken cancel = default) => PostAsync<ContractResource>($"v1/operator/contracts/{id}/end", request, cancel);

    public Task<PartiesResponse> ListPartiesAsync(CancellationToken cancel = default) => GetAsync<PartiesResponse>("v1/operator/parties", cancel);
    public Task<PartyResource> CreatePartyAsync(CreatePartyRequest request, CancellationToken cancel = default) => PostAsync<PartyResource>("v1/operator/parties", request, cancel);
    public Task<PartyResource> UpdatePartyAsync(string party, UpdatePartyRequest request, CancellationToken cancel = default) => SendAsync<PartyResource>(HttpMethod.Patch, $"v1/operator/parties/{party}", request, 0, cancel);
    public Task<PartyResource> FreezePartyAsync(string party, ReasonRequest request, CancellationToken cancel = default) => PostAsync<PartyResource>($"v1/operator/parties/{party}/freeze", request, cancel);
    public Task<PartyResource> UnfreezePartyAsync(string party, CancellationToken cancel = default) => PostAsync<PartyResource>($"v1/operator/parties/{party}/unfreeze", null, cancel);
    public Task<JournalResource> ClawBackAsync(string party, ClawBackRequest request, CancellationToken cancel = default) => PostAsync<JournalResource>($"v1/operator/parties/{party}/clawbacks", request, cancel);
    public Task<JournalResource> WriteOffDebtAsync(string party, WriteOffDebtRequest request, CancellationToken cancel = default) => PostAsync<JournalResource>($"v1/operator/parties/{party}/write-offs", request, cancel);

    public Task<Page<JournalResource>> ListJournalsAsync(
        string? sourceType = null, string? sourceId = null, string? correlation = null, string? account = null, string? owner = null, string? currency = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<JournalResource>>(
            Paged(Query("v1/operator/ledger/journals", ("source_type", sourceType), ("source_id", sourceId), ("correlation", correlation), ("account", account), ("owner", owner), ("currency", currency)), cursor), cancel);
    public Task<JournalDetailResource> GetJournalAsync(string id, CancellationToken cancel = default) => GetAsync<JournalDetailResource>($"v1/operator/ledger/journals/{id}", cancel);
    public Task<BalancesResponse> GetBalancesAsync(string? account = null, string? owner = null, string? currency = null, DateTimeOffset? before = null, CancellationToken cancel = default) =>
        GetAsync<BalancesResponse>(Query("v1/operator/ledger/balances", ("account", account), ("owner", owner), ("currency", currency), ("before", before?.ToUniversalTime().ToString("O"))), cancel);
    public Task<MonthsResponse> ListMonthsAsync(CancellationToken cancel = default) => GetAsync<MonthsResponse>("v1/operator/ledger/months", cancel);
    public Task<MonthResource> CloseMonthAsync(string month, CancellationToken cancel = default) => PostAsync<MonthResource>($"v1/operator/ledger/months/{month}/close", null, cancel);

    public Task<JournalResource> RecordConversionAsync(RecordConversionRequest request, CancellationToken cancel = default) => PostAsync<JournalResource>("v1/operator/ledger/conversions", request, cancel);

    /// <summary>The whole ledger as a journal of hledger.</summary>
    public async Task<string> ExportLedgerAsync(CancellationToken cancel = default) => System.Text.Encoding.UTF8.GetString(await GetBytesAsync("v1/operator/ledger/export", "text/plain", cancel));

    public Task<Page<StatementSummary>> ListStatementsAsync(string? party = null, string? month = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<StatementSummary>>(Paged(Query("v1/operator/statements", ("party", party), ("month", month)), cursor), cancel);
    public Task<StatementResource> GetStatementAsync(string party, string month, string currency, CancellationToken cancel = default) =>
        GetAsync<StatementResource>($"v1/operator/statements/{party}/{month}/{currency}", cancel);

    /// <param name="extension">csv, html or pdf.</param>
    public Task<byte[]> GetStatementFileAsync(string party, string month, string currency, string extension, CancellationToken cancel = default) =>
        GetBytesAsync($"v1/operator/statements/{party}/{month}/{currency}.{extension}", "*/*", cancel);

    public Task<Page<PayoutResource>> ListPayoutsAsync(string? state = null, string? party = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<PayoutResource>>(Paged(Query("v1/operator/payouts", ("state", state), ("party", party)), cursor), cancel);
    public Task<PayoutDetailResource> GetPayoutAsync(string id, CancellationToken cancel = default) => GetAsync<PayoutDetailResource>($"v1/operator/payouts/{id}", cancel);
    public Task<PayoutRunResponse> RunPayoutsAsync(RunPayoutsRequest request, CancellationToken cancel = default) => PostAsync<PayoutRunResponse>("v1/operator/payouts/run", request, cancel);
    public Task<PayoutResource> ApprovePayoutAsync(string id, CancellationToken cancel = default) => PostAsync<PayoutResource>($"v1/operator/payouts/{id}/approve", null, cancel);
    public Task<PayoutResource> CancelPayoutAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<PayoutResource>($"v1/operator/payouts/{id}/cancel", request, cancel);
    public Task<PayoutResource> SettlePayoutAsync(string id, SettlePayoutRequest request, CancellationToken cancel = default) => PostAsync<PayoutResource>($"v1/operator/payouts/{id}/settle", request, cancel);
    public Task<PayoutResource> FailPayoutAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<PayoutResource>($"v1/operator/payouts/{id}/fail", request, cancel);

    /// <summary>What the operator has to transfer by hand, as comma-separated values.</summary>
    public async Task<string> GetTransferListAsync(CancellationToken cancel = default) => System.Text.Encoding.UTF8.GetString(await GetBytesAsync("v1/operator/payouts/transfers.csv", "text/csv", cancel));

    public Task<ClockResource> GetClockAsync(CancellationToken cancel = default) => GetAsync<ClockResource>("v1/operator/clock", cancel);
    public Task<AdvancedClockResponse> AdvanceClockAsync(AdvanceClockRequest request, CancellationToken cancel = default) => PostAsync<AdvancedClockResponse>("v1/operator/clock", request, cancel);

    static string Query(string path, params IEnumerable<(string Name, string? Value)> filters)
    {
        var query = string.Join('&', filters.Where(f => f.Value is not null).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    async Task<byte[]> GetBytesAsync(string path, string accept, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var response = await TrySendAsync(request, cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancel) : throw new ControlPlaneException(await ReadProblemAsync(response, cancel));
    }
}
