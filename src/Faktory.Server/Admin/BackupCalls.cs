using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Faktory.Server.Admin;

/// <param name="Id"><c>chk_</c> and 32 hex digits.</param>
/// <param name="CreatedAt">The moment whose state it holds.</param>
/// <param name="Sequence">The store's write sequence at that moment.</param>
/// <param name="Counts">The jobs in it.</param>
/// <param name="Files">All that has to be copied.</param>
sealed record BackupBody(string Id, DateTimeOffset CreatedAt, ulong Sequence, JobCounts Counts, StoredFile[] Files);

/// <summary>/admin/backups: consistent copies of the store, made of hard links while writes go on.</summary>
static class BackupCalls
{
    const string Description = ".json";

    static readonly Problem Unknown = new("There is no such backup.", StatusCodes.Status404NotFound, "unknown_backup");

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapPost("/admin/backups", http => admin.AloneAsync(() => CreateAsync(http, admin)));
        app.MapGet("/admin/backups", http => ListAsync(http, admin));
        app.MapGet("/admin/backups/{id}", http => GetAsync(http, admin));
        app.MapGet("/admin/backups/{id}/files/{name}", http => GetFileAsync(http, admin));
        app.MapDelete("/admin/backups/{id}", http => admin.AloneAsync(() => DeleteAsync(http, admin)));
    }

    static async Task CreateAsync(HttpContext http, AdminContext admin)
    {
        if (admin.State.Engine is not { } engine)
        {
            await StatsCalls.NotServing.WriteAsync(http);
            return;
        }
        var createdAt = admin.State.Clock.GetUtcNow();
        var id = $"chk_{Guid.CreateVersion7(createdAt):n}";
        Directory.CreateDirectory(admin.Folder.BackupsPath);
        var path = Path.Combine(admin.Folder.BackupsPath, id);
        var taken = await engine.CallAsync(e => Checkpoint.Take(e, path));
        if (taken.Failure is { } failure)
        {
            await new Problem("The checkpoint could not be taken.", StatusCodes.Status500InternalServerError, "checkpoint_failed", failure).WriteAsync(http);
            return;
        }
        var backup = new BackupBody(id, createdAt, taken.Sequence, taken.Counts, await StoredFile.DescribeAsync(path, http.RequestAborted));
        // The description is what makes it a backup: a folder without one is what a crash left.
        SyncedFile.Replace(path + Description, JsonSerializer.SerializeToUtf8Bytes(backup, AdminJson.Default.BackupBody));
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(backup, AdminJson.Default.BackupBody, cancellationToken: http.RequestAborted);
    }

    static Task ListAsync(HttpContext http, AdminContext admin)
    {
        var backups = Directory.Exists(admin.Folder.BackupsPath)
            ? Directory.EnumerateFiles(admin.Folder.BackupsPath, "*" + Description).Order(StringComparer.Ordinal).Select(Read).ToArray()
            : [];
        return http.Response.WriteAsJsonAsync(backups, AdminJson.Default.BackupBodyArray, cancellationToken: http.RequestAborted);
    }

    static Task GetAsync(HttpContext http, AdminContext admin) => Find(http, admin) is { } backup
        ? http.Response.WriteAsJsonAsync(backup, AdminJson.Default.BackupBody, cancellationToken: http.RequestAborted)
        : Unknown.WriteAsync(http);

    static async Task GetFileAsync(HttpContext http, AdminContext admin)
    {
        var name = (string)http.GetRouteValue("name")!;
        if (Find(http, admin) is not { } backup || !backup.Files.Any(f => f.Name == name))
        {
            await Unknown.WriteAsync(http);
            return;
        }
        var path = Path.Combine(admin.Folder.BackupsPath, backup.Id, name);
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = new FileInfo(path).Length;
        await http.Response.SendFileAsync(path, http.RequestAborted);
    }

    static Task DeleteAsync(HttpContext http, AdminContext admin)
    {
        var id = (string)http.GetRouteValue("id")!;
        var path = Path.Combine(admin.Folder.BackupsPath, id);
        if (StoredFile.IsPlainName(id) && Directory.Exists(path))
        {
            File.Delete(path + Description);
            Directory.Delete(path, recursive: true);
        }
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    static BackupBody? Find(HttpContext http, AdminContext admin)
    {
        var id = (string)http.GetRouteValue("id")!;
        var path = Path.Combine(admin.Folder.BackupsPath, id + Description);
        return StoredFile.IsPlainName(id) && File.Exists(path) ? Read(path) : null;
    }

    static BackupBody Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), AdminJson.Default.BackupBody)!;
}
