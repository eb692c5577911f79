using System.Runtime.InteropServices;

namespace Faktory.Server.Storage;

/// <summary>What only maintenance calls: looking without touching, and salvage.</summary>
static partial class RocksNative
{
    [LibraryImport(Library, EntryPoint = "rocksdb_open_for_read_only", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DatabaseHandle OpenForReadOnly(OptionsHandle options, string path, byte failIfLogExists, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_repair_db", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void Repair(OptionsHandle options, string path, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_paranoid_checks")]
    internal static partial void OptionsSetParanoidChecks(OptionsHandle options, byte value);
}
