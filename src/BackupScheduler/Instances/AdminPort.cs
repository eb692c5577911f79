using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using BackupScheduler.Archives;
using BackupScheduler.Stores;

namespace BackupScheduler.Instances;

/// <summary>
/// The admin port of one Faktory server (docs/admin-port.md), as far as backups need it. What comes from there may be hostile: answers
/// are bounded, redirects are not followed. Throws <see cref="AdminPortException"/>.
/// </summary>
sealed class AdminPort(HttpClient http, Uri address, string token, TimeProvider clock)
{
    static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    /// <summary>200 of /readyz: commands are served. False while it starts, restores, or does not answer at all.</summary>
    internal async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await SendAsync(HttpMethod.Get, "readyz", null, cancel);
            return true;
        }
        catch (AdminPortException)
        {
            return false;
        }
    }

    internal async Task<string> GetVersionAsync(CancellationToken cancel) => (await ReadAsync<Stats>(HttpMethod.Get, "admin/stats", null, cancel)).Version;

    internal Task<Checkpoint> CreateCheckpointAsync(CancellationToken cancel) => ReadAsync<Checkpoint>(HttpMethod.Post, "admin/backups", null, cancel);

    internal Task<List<CheckpointListed>> ListCheckpointsAsync(CancellationToken cancel) => ReadAsync<List<CheckpointListed>>(HttpMethod.Get, "admin/backups", null, cancel);

    /// <summary>The file's bytes; a silence of half a minute ends it.</summary>
    internal async Task<Stream> OpenCheckpointFileAsync(string checkpoint, string name, CancellationToken cancel)
    {
        var answer = await SendAsync(HttpMethod.Get, $"admin/backups/{Escape(checkpoint)}/files/{Escape(name)}", null, cancel);
        return new StallLimitedStream(await answer.Content.ReadAsStreamAsync(cancel), answer, Stall, clock, Unreachable);
    }

    /// <summary>Nothing happens when it is gone already.</summary>
    internal Task DeleteCheckpointAsync(string checkpoint, CancellationToken cancel) => ForgetAsync(HttpMethod.Delete, $"admin/backups/{Escape(checkpoint)}", null, cancel);

    internal async Task<string> CreateRestoreAsync(CancellationToken cancel) => (await ReadAsync<Created>(HttpMethod.Post, "admin/restores", null, cancel)).Id;

    internal Task<List<RestoreListed>> ListRestoresAsync(CancellationToken cancel) => ReadAsync<List<RestoreListed>>(HttpMethod.Get, "admin/restores", null, cancel);

    /// <summary>Replaces what an earlier try left. An exception of <paramref name="content"/> itself travels through.</summary>
    internal async Task PutRestoreFileAsync(string restore, string name, long bytes, Stream content, CancellationToken cancel)
    {
        var source = new RememberingStream(content);
        var body = new StreamContent(source) { Headers = { ContentLength = bytes } };
        try
        {
            await ForgetAsync(HttpMethod.Put, $"admin/restores/{Escape(restore)}/files/{Escape(name)}", body, cancel);
        }
        catch (Exception) when (source.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(source.Failure);
        }
    }

    internal async Task<JobCounts> CommitRestoreAsync(string restore, IReadOnlyList<CheckpointFile> files, JobCounts counts, CancellationToken cancel)
    {
        var body = JsonContent.Create(new CommitRequest(files, counts), options: ManifestDocument.Json);
        return (await ReadAsync<CommitAnswer>(HttpMethod.Post, $"admin/restores/{Escape(restore)}/commit", body, cancel)).Counts;
    }

    internal Task RollBackRestoreAsync(string restore, CancellationToken cancel) => ForgetAsync(HttpMethod.Post, $"admin/restores/{Escape(restore)}/rollback", null, cancel);

    /// <summary>Removes what was staged or, after a commit, the old data that was kept.</summary>
    internal Task DeleteRestoreAsync(string restore, CancellationToken cancel) => ForgetAsync(HttpMethod.Delete, $"admin/restores/{Escape(restore)}", null, cancel);

    async Task<T> ReadAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var answer = await SendAsync(method, path, content, cancel);
        try
        {
            await answer.Content.LoadIntoBufferAsync(ManifestDocument.BytesMax, cancel);
            return await answer.Content.ReadFromJsonAsync<T>(ManifestDocument.Json, cancel) ?? throw new JsonException("null");
        }
        catch (Exception malformed) when (malformed is JsonException or IOException or HttpRequestException)
        {
            throw Unreachable(malformed);
        }
    }

    async Task ForgetAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel) => (await SendAsync(method, path, content, cancel)).Dispose();

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException || (unreachable is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Unreachable(unreachable);
        }
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw new AdminPortException($"The instance answered {(int)answer.StatusCode} to {method} {path}.", answer.StatusCode);
    }

    static string Escape(string segment) => Uri.EscapeDataString(segment);

    static AdminPortException Unreachable(Exception cause) => new($"The instance did not answer on its admin port: {cause.Message}", null, cause);

    sealed record Stats(string Version);

    sealed record Created(string Id);

    sealed record CommitRequest(IReadOnlyList<CheckpointFile> Files, JobCounts Counts);

    sealed record CommitAnswer(JobCounts Counts);
}

/// <summary>The server refused; or, without a status, did not answer.</summary>
sealed class AdminPortException(string message, HttpStatusCode? status, Exception? inner = null) : Exception(message, inner)
{
    internal HttpStatusCode? Status { get; } = status;

    internal bool IsMissing => Status == HttpStatusCode.NotFound;
}
