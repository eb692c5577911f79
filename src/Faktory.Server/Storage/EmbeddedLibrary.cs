using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Faktory.Server.Storage;

/// <summary>
/// RocksDB out of the program itself, when it was built with <c>-p:EmbedRocksDB=true</c> as one single file. The library is loaded from
/// memory, because the program may run where nothing can be written, or nothing that was written may be run. That memory, about 16 MB, is
/// the price; a library beside the program costs next to none.
/// </summary>
static partial class EmbeddedLibrary
{
    const string Name = "librocksdb.so";

    static nint _loaded;

    /// <summary>Before anything is stored. Does nothing in a program that was built without it.</summary>
    internal static void Use()
    {
        var program = typeof(EmbeddedLibrary).Assembly;
        if (program.GetManifestResourceInfo(Name) is null)
            return;
        _loaded = Load(program);
        NativeLibrary.SetDllImportResolver(program, (library, _, _) => library == RocksNative.Library ? _loaded : 0);
    }

    static nint Load(Assembly program)
    {
        using var embedded = program.GetManifestResourceStream(Name)!;
        using var memory = new SafeFileHandle(CreateMemoryFile(Name, 0), ownsHandle: true);
        if (memory.IsInvalid)
            throw new StorageException($"cannot make room for {Name}: error {Marshal.GetLastPInvokeError()}");
        var buffer = new byte[1 << 20];
        var written = 0L;
        for (int read; (read = embedded.Read(buffer)) > 0; written += read)
            RandomAccess.Write(memory, buffer.AsSpan(0, read), written);
        // Once loaded it stays, whether or not the file is open.
        return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
