using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ControlPlane.Client;

/// <summary>
/// Every call of the REST API, typed. Safe for use by many callers at once. A refusal, or a service that cannot be reached,
/// is a <see cref="ControlPlaneException"/>. Authentication is the <see cref="HttpClient"/>'s: a default header or a handler.
/// </summary>
public sealed partial class ControlPlaneClient(HttpClient http)
{
    public Task<SignUpResponse> SignUpAsync(SignUpRequest request, CancellationToken cancel = default) => PostAsync<SignUpResponse>("v1/signup", request, cancel);
    public Task<MeResponse> GetMeAsync(CancellationToken cancel = default) => GetAsync<MeResponse>("v1/me", cancel);
    public Task RequestPasswordResetAsync(PasswordResetRequest request, CancellationToken cancel = default) => PostAsync<object?>("v1/password-reset", request, cancel);
    public Task ConfirmPasswordResetAsync(ConfirmPasswordResetRequest request, CancellationToken cancel = default) => PostAsync<object?>("v1/password-reset/confirm", request, cancel);
    public Task<Page<MemberResource>> ListMembersAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<MemberResource>>(Paged("v1/members", cursor), cancel);
    public Task<Page<PlanResource>> ListPlansAsync(CancellationToken cancel = default) => GetAsync<Page<PlanResource>>("v1/plans", cancel);

    /// <param name="waitSeconds">How long the service may hold the answer until the instance runs: 0 to 60.</param>
    public Task<InstanceResource> CreateInstanceAsync(CreateInstanceRequest request, int waitSeconds = 0, CancellationToken cancel = default) =>
        PostAsync<InstanceResource>("v1/instances", request, cancel, waitSeconds);
    public Task<Page<InstanceResource>> ListInstancesAsync(string? cursor = null, bool deleted = false, CancellationToken cancel = default) =>
        GetAsync<Page<InstanceResource>>(Paged(deleted ? "v1/instances?deleted=true" : "v1/instances", cursor), cancel);
    public Task<InstanceResource> GetInstanceAsync(string id, CancellationToken cancel = default) => GetAsync<InstanceResource>($"v1/instances/{id}", cancel);
    public Task<InstanceResource> UpdateInstanceAsync(string id, UpdateInstanceRequest request, CancellationToken cancel = default) => SendAsync<InstanceResource>(HttpMethod.Patch, $"v1/instances/{id}", request, 0, cancel);
    public Task<OperationResource> DeleteInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => SendAsync<OperationResource>(HttpMethod.Delete, $"v1/instances/{id}", null, waitSeconds, cancel);
    public Task<OperationResource> UndeleteInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/undelete", null, cancel, waitSeconds);
    public Task<CredentialsResponse> GetCredentialsAsync(string id, CancellationToken cancel = default) => GetAsync<CredentialsResponse>($"v1/instances/{id}/credentials", cancel);
    public Task<OperationResource> RestartInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/restart", null, cancel, waitSeconds);
    public Task<OperationResource> SuspendInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/suspend", null, cancel, waitSeconds);
    public Task<OperationResource> ResumeInstanceAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/resume", null, cancel, waitSeconds);
    public Task<OperationResource> RotatePasswordAsync(string id, RotatePasswordRequest request, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/rotate-password", request, cancel, waitSeconds);
    public Task<OperationResource> ChangePlanAsync(string id, ChangePlanRequest request, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<OperationResource>($"v1/instances/{id}/change-plan", request, cancel, waitSeconds);
    public Task<InstanceRules> GetRulesAsync(string id, CancellationToken cancel = default) => GetAsync<InstanceRules>($"v1/instances/{id}/rules", cancel);

    /// <summary>The operation fails, with the job server's words, when it refuses them.</summary>
    public Task<OperationResource> PutRulesAsync(string id, InstanceRules rules, int waitSeconds = 0, CancellationToken cancel = default) => SendAsync<OperationResource>(HttpMethod.Put, $"v1/instances/{id}/rules", rules, waitSeconds, cancel);
    public Task<StatsResponse> GetStatsAsync(string id, int minutes = 60, CancellationToken cancel = default) => GetAsync<StatsResponse>($"v1/instances/{id}/stats?minutes={minutes}", cancel);

    public Task<BackupPolicyResource> GetBackupPolicyAsync(string id, CancellationToken cancel = default) => GetAsync<BackupPolicyResource>($"v1/instances/{id}/backup-policy", cancel);
    public Task<BackupPolicyResource> PutBackupPolicyAsync(string id, BackupPolicyResource policy, CancellationToken cancel = default) => SendAsync<BackupPolicyResource>(HttpMethod.Put, $"v1/instances/{id}/backup-policy", policy, 0, cancel);
    public Task<Page<BackupResource>> ListBackupsAsync(string id, string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<BackupResource>>(Paged($"v1/instances/{id}/backups", cursor), cancel);
    public Task<BackupResource> CreateBackupAsync(string id, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<BackupResource>($"v1/instances/{id}/backups", null, cancel, waitSeconds);
    public Task<RestoreResponse> RestoreAsync(string id, RestoreRequest request, int waitSeconds = 0, CancellationToken cancel = default) => PostAsync<RestoreResponse>($"v1/instances/{id}/restore", request, cancel, waitSeconds);

    public Task<OperationResource> GetOperationAsync(string id, CancellationToken cancel = default) => GetAsync<OperationResource>($"v1/operations/{id}", cancel);
    public Task<Page<OperationResource>> ListOperationsAsync(string? subject = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<OperationResource>>(Paged(subject is null ? "v1/operations" : $"v1/operations?subject={subject}", cursor), cancel);
    public Task<Page<AlertResource>> ListAlertsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<AlertResource>>(Paged("v1/alerts", cursor), cancel);
    public Task<Page<AuditResource>> ListAuditAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<AuditResource>>(Paged("v1/audit", cursor), cancel);

    public Task<Page<TokenResource>> ListTokensAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<TokenResource>>(Paged("v1/tokens", cursor), cancel);
    public Task<CreatedTokenResponse> CreateTokenAsync(CreateTokenRequest request, CancellationToken cancel = default) => PostAsync<CreatedTokenResponse>("v1/tokens", request, cancel);
    public Task RevokeTokenAsync(string id, CancellationToken cancel = default) => SendAsync<object?>(HttpMethod.Delete, $"v1/tokens/{id}", null, 0, cancel);

    public Task<FleetResponse> GetFleetAsync(CancellationToken cancel = default) => GetAsync<FleetResponse>("v1/operator/fleet", cancel);
    public Task<Page<AlertResource>> ListOperatorAlertsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<AlertResource>>(Paged("v1/operator/alerts", cursor), cancel);
    public Task<Page<OperationResource>> ListOperatorOperationsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<OperationResource>>(Paged("v1/operator/operations", cursor), cancel);
    public Task<Page<MailResource>> ListOperatorMailsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<MailResource>>(Paged("v1/operator/mails", cursor), cancel);
    public Task<byte[]> GetMailPageAsync(string id, CancellationToken cancel = default) => GetBytesAsync($"v1/operator/mails/{id}/page", "text/html", cancel);
    public Task<MailResource> SendMailAsync(string id, CancellationToken cancel = default) => PostAsync<MailResource>($"v1/operator/mails/{id}/send", null, cancel);
    public Task<UserResource> ClaimOperatorAsync(ClaimOperatorRequest request, CancellationToken cancel = default) => PostAsync<UserResource>("v1/operator/claim", request, cancel);

    static string Paged(string path, string? cursor) => cursor is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}";

    Task<T> GetAsync<T>(string path, CancellationToken cancel) => SendAsync<T>(HttpMethod.Get, path, null, 0, cancel);

    Task<T> PostAsync<T>(string path, object? body, CancellationToken cancel, int waitSeconds = 0) => SendAsync<T>(HttpMethod.Post, path, body, waitSeconds, cancel);

    async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, int waitSeconds, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (waitSeconds > 0)
            request.Headers.Add("Prefer", $"wait={waitSeconds}");
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: Json.Options);

        using var response = await TrySendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new ControlPlaneException(await ReadProblemAsync(response, cancel));
        if (response.StatusCode == System.Net.HttpStatusCode.NoContent)
            return default!;
        return (await response.Content.ReadFromJsonAsync<T>(Json.Options, cancel))!;
    }

    async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, cancel);
        }
        catch (HttpRequestException)
        {
            throw new ControlPlaneException(new ProblemResource(null, null, 503, "The service cannot be reached at the moment. Try again shortly.", "unreachable"));
        }
    }

    static async Task<ProblemResource> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
            return (await response.Content.ReadFromJsonAsync<ProblemResource>(Json.Options, cancel))!;
        return new ProblemResource(null, null, (int)response.StatusCode, $"The service answered {(int)response.StatusCode}.", "unexpected_answer");
    }
}
