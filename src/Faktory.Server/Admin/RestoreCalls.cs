using Faktory.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Faktory.Server.Admin;

sealed record RestoreBody(string Id, DateTimeOffset? CreatedAt = null, string? State = null);

sealed record CommitBody(StoredFile[]? Files, JobCounts? Counts);

sealed record RestoredBody(JobCounts? Counts);

/// <summary>/admin/restores: files are put beside the data, checked, and swapped in; the old data stays until somebody says otherwise.</summary>
static class RestoreCalls
{
    static readonly Problem Unknown = new("There is no such restore.", StatusCodes.Status404NotFound, "unknown_restore");
    static readonly Problem NotCommitted = new("This restore was never committed.", StatusCodes.Status409Conflict, "restore_not_committed");
    static readonly Problem IsCommitted = new("This restore is committed: its files cannot change any more.", StatusCodes.Status409Conflict, "restore_committed");

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapPost("/admin/restores", http => admin.AloneAsync(() => CreateAsync(http, admin)));
        app.MapGet("/admin/restores", http => ListAsync(http, admin));
        app.MapPut("/admin/restores/{id}/files/{name}", http => PutFileAsync(http, admin));
        app.MapPost("/admin/restores/{id}/commit", http => admin.AloneAsync(() => CommitAsync(http, admin)));
        app.MapPost("/admin/restores/{id}/rollback", http => admin.AloneAsync(() => RollBackAsync(http, admin)));
        app.MapDelete("/admin/restores/{id}", http => admin.AloneAsync(() => DeleteAsync(http, admin)));
    }

    static Task CreateAsync(HttpContext http, AdminContext admin)
    {
        var now = admin.State.Clock.GetUtcNow();
        var restore = new RestoreRecord($"rst_{Guid.CreateVersion7(now):n}", now, RestoreState.Staged);
        Directory.CreateDirectory(StagedStore.FilesOf(admin.Folder, restore.Id));
        restore.Save(admin.Folder);
        http.Response.StatusCode = StatusCodes.Status201Created;
        return http.Response.WriteAsJsonAsync(new RestoreBody(restore.Id), AdminJson.Default.RestoreBody, cancellationToken: http.RequestAborted);
    }

    static Task ListAsync(HttpContext http, AdminContext admin)
    {
        var restores = RestoreRecord.All(admin.Folder)
            .Select(r => new RestoreBody(r.Id, r.CreatedAt, r.State == RestoreState.Committed ? "committed" : "staged"))
            .ToArray();
        return http.Response.WriteAsJsonAsync(restores, AdminJson.Default.RestoreBodyArray, cancellationToken: http.RequestAborted);
    }

    static async Task PutFileAsync(HttpContext http, AdminContext admin)
    {
        var name = (string)http.GetRouteValue("name")!;
        var restore = Find(http, admin);
        if (restore is not { State: RestoreState.Staged })
        {
            await (restore is null ? Unknown : IsCommitted).WriteAsync(http);
            return;
        }
        if (!StoredFile.IsPlainName(name))
        {
            await AdminBody.Invalid($"\"{name}\" is not a plain file name.").WriteAsync(http);
            return;
        }
        // A store's files are as large as they are; the body is streamed, never held.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var part = Path.Combine(admin.Folder.RestoresPath, $"{restore.Id}.{name}.part");
        await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await http.Request.Body.CopyToAsync(file, http.RequestAborted);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, Path.Combine(StagedStore.FilesOf(admin.Folder, restore.Id), name), overwrite: true);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    static async Task CommitAsync(HttpContext http, AdminContext admin)
    {
        if (Find(http, admin) is not { } restore)
        {
            await Unknown.WriteAsync(http);
            return;
        }
        if (restore.State == RestoreState.Committed)
        {
            await http.Response.WriteAsJsonAsync(new RestoredBody(restore.Counts), AdminJson.Default.RestoredBody, cancellationToken: http.RequestAborted);
            return;
        }
        if (await AdminBody.ReadAsync(http, AdminJson.Default.CommitBody) is not { Files: { } files, Counts: { } counts })
        {
            if (!http.Response.HasStarted)
                await AdminBody.Invalid("files and counts are needed.").WriteAsync(http);
            return;
        }
        if (await StagedStore.MakeAsync(admin.Folder, restore.Id, files, counts, http.RequestAborted) is { } mismatch)
        {
            await Mismatch(mismatch).WriteAsync(http);
            return;
        }
        restore = restore with { Previous = admin.Folder.Current, Counts = counts };
        if (await StoreSwap.ToAsync(admin, restore.Save(admin.Folder).Id) is { } failure)
        {
            await Mismatch(failure).WriteAsync(http);
            return;
        }
        (restore with { State = RestoreState.Committed }).Save(admin.Folder);
        StagedStore.RemoveFiles(admin.Folder, restore.Id);
        // Of several restores only the newest keeps its old data.
        foreach (var earlier in RestoreRecord.All(admin.Folder).Where(r => r.Id != restore.Id && r.Previous != restore.Previous))
            StagedStore.RemoveStore(admin.Folder, earlier.Previous);
        await http.Response.WriteAsJsonAsync(new RestoredBody(counts), AdminJson.Default.RestoredBody, cancellationToken: http.RequestAborted);
    }

    static async Task RollBackAsync(HttpContext http, AdminContext admin)
    {
        var restore = Find(http, admin);
        if (restore is not { State: RestoreState.RolledBack })
        {
            if (restore is not { State: RestoreState.Committed, Previous: { } previous } || admin.Folder.Current != restore.Id ||
                !Directory.Exists(admin.Folder.PathOf(previous)))
            {
                await (restore is null ? Unknown : NotCommitted).WriteAsync(http);
                return;
            }
            if (await StoreSwap.ToAsync(admin, previous) is { } failure)
            {
                await new Problem("The old data cannot be opened.", StatusCodes.Status500InternalServerError, "rollback_failed", failure).WriteAsync(http);
                return;
            }
            restore = (restore with { State = RestoreState.RolledBack }).Save(admin.Folder);
        }
        await http.Response.WriteAsJsonAsync(new RestoreBody(restore.Id), AdminJson.Default.RestoreBody, cancellationToken: http.RequestAborted);
    }

    static Task DeleteAsync(HttpContext http, AdminContext admin)
    {
        if (Find(http, admin) is { } restore)
        {
            // Of a committed one the old data goes, of any other one its own; never the store in use.
            StagedStore.RemoveStore(admin.Folder, restore.State == RestoreState.Committed ? restore.Previous : restore.Id);
            StagedStore.RemoveFiles(admin.Folder, restore.Id);
            File.Delete(RestoreRecord.PathOf(admin.Folder, restore.Id));
        }
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    static Problem Mismatch(string detail) =>
        new("What was put is not the backup it should be; the live data was not touched.", StatusCodes.Status422UnprocessableEntity, "restore_mismatch", detail);

    static RestoreRecord? Find(HttpContext http, AdminContext admin) => RestoreRecord.Find(admin.Folder, (string)http.GetRouteValue("id")!);
}
