using BackupScheduler.Archives;
using BackupScheduler.Stores;

namespace BackupScheduler.Exports;

/// <summary><c>BackupScheduler export org_…/ins_…/bak_… FOLDER [--settings]</c>: exit code 0, or 1 with the reason on stderr.</summary>
static class ExportCommand
{
    internal static async Task<int> RunAsync(string place, string folder, string[] settings, TextWriter output, TextWriter errors)
    {
        var keys = BackupKeys.Of(place.TrimEnd('/') + "/manifest.json");
        if (keys is null)
        {
            await errors.WriteLineAsync($"'{place}' is not a backup's place in the store: org_…/ins_…/bak_…");
            return 1;
        }
        await using var app = BackupHost.Create(settings);
        try
        {
            var manifest = await app.Services.GetRequiredService<ExportBackup>().RunAsync(keys, folder, CancellationToken.None);
            await output.WriteLineAsync($"{manifest.Files.Count} files, {manifest.Bytes} bytes, {manifest.Counts.Total} jobs of {manifest.CreatedAt:u} in {folder}");
            return 0;
        }
        catch (Exception refused) when (refused is BackupDamagedException or ObjectStoreException or IOException)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
    }
}
