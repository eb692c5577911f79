using System.Runtime.InteropServices;

namespace Faktory.Server.Storage;

/// <summary>The storage engine refused or failed. After one of these on a write or a sync nothing may be acknowledged any more.</summary>
class StorageException(string message) : Exception(message)
{
    /// <summary>Throws when a C call reported an error, and frees its text.</summary>
    internal static void ThrowIf(nint error)
    {
        if (error == 0)
            return;
        var text = Marshal.PtrToStringUTF8(error) ?? "unknown error";
        RocksNative.Free(error);
        throw text.StartsWith("Corruption", StringComparison.Ordinal) ? new CorruptStorageException(text) : new StorageException(text);
    }
}

/// <summary>What is on disk is not what was written. Never repaired on its own: a person decides between repair and restore.</summary>
sealed class CorruptStorageException(string message) : StorageException(message);
