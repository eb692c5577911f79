using System.Text.Json;
using Faktory.Server.Storage;

namespace Faktory.Server.Admin;

enum RestoreState
{
    Staged,
    Committed,
    RolledBack,
}

/// <summary>What is known of a restore, also after a restart.</summary>
/// <param name="Id"><c>rst_</c> and 32 hex digits; also the name of its store in the data folder.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="State">Committed once the data folder points to its store.</param>
/// <param name="Previous">The store it replaced, kept until the restore is deleted.</param>
/// <param name="Counts">The jobs that were found in it at the commit.</param>
sealed record RestoreRecord(string Id, DateTimeOffset CreatedAt, RestoreState State, string? Previous = null, JobCounts? Counts = null)
{
    internal static string PathOf(DataFolder folder, string id) => Path.Combine(folder.RestoresPath, id + ".json");

    internal static RestoreRecord? Find(DataFolder folder, string id)
    {
        var path = PathOf(folder, id);
        return StoredFile.IsPlainName(id) && File.Exists(path) ? Read(folder, path) : null;
    }

    internal static IEnumerable<RestoreRecord> All(DataFolder folder) => Directory.Exists(folder.RestoresPath)
        ? Directory.EnumerateFiles(folder.RestoresPath, "*.json").Order(StringComparer.Ordinal).Select(path => Read(folder, path))
        : [];

    internal RestoreRecord Save(DataFolder folder)
    {
        Directory.CreateDirectory(folder.RestoresPath);
        SyncedFile.Replace(PathOf(folder, Id), JsonSerializer.SerializeToUtf8Bytes(this, AdminJson.Default.RestoreRecord));
        return this;
    }

    // The pointer to the store in use decides: a crash may have come between it and this description.
    static RestoreRecord Read(DataFolder folder, string path)
    {
        var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), AdminJson.Default.RestoreRecord)!;
        return folder.Current == record.Id ? record with { State = RestoreState.Committed } : record;
    }
}
