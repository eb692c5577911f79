using Faktory.Server.Connections;
using Faktory.Server.Storage;

namespace Faktory.Server.Admin;

/// <summary>Exchanges the store under a running server. Connections are closed; their clients come back to the new data.</summary>
static class StoreSwap
{
    /// <summary>Null when commands are served from <paramref name="store"/> now. Else the reason, and the old one is in use again.</summary>
    internal static async Task<string?> ToAsync(AdminContext admin, string store)
    {
        var before = admin.Folder.Current;
        admin.Slot.Close(Readiness.Restoring);
        admin.Folder.Current = store;
        try
        {
            await admin.Slot.OpenAsync();
            return null;
        }
        catch (StorageException e)
        {
            admin.Folder.Current = before;
            await ReopenAsync(admin);
            return e.Message;
        }
    }

    static async Task ReopenAsync(AdminContext admin)
    {
        try
        {
            await admin.Slot.OpenAsync();
        }
        catch (StorageException)
        {
            // It was damaged before, which is why somebody restores.
            admin.State.Readiness = Readiness.NeedsRepair;
        }
    }
}
