using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace BackupScheduler.Stores;

/// <summary>Makes the names in a folder durable. A file's own sync does not cover its entry in the folder, and .NET opens no folders.</summary>
static class SyncedFolder
{
    const int ReadOnlyCloseOnExec = 0x80000;

    const int NoEntry = 2;

    /// <exception cref="DirectoryNotFoundException">The folder is gone.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    internal static void Sync(string folder)
    {
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw Failed("open", folder);
        try
        {
            if (FileSync(descriptor) != 0)
                throw Failed("sync", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    static IOException Failed(string verb, string folder)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        var message = $"Cannot {verb} folder '{folder}': {error.Message}";
        return error.NativeErrorCode == NoEntry ? new DirectoryNotFoundException(message, error) : new IOException(message, error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int FileSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int descriptor);
}
