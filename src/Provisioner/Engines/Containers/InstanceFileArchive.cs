using System.Formats.Tar;

namespace Provisioner.Engines.Containers;

/// <summary>
/// The instance file as the tar that the engine unpacks into a volume: owned by the server's user, mode 0400. The volume's own
/// folder comes first and gets its owner and mode too, whatever image the volume was first filled from.
/// </summary>
static class InstanceFileArchive
{
    public static MemoryStream Of(ReadOnlyMemory<byte> instanceFile, int userId)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "./")
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                Uid = userId,
                Gid = userId,
            });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, HardenedContainer.InstanceFileName)
            {
                Mode = UnixFileMode.UserRead,
                Uid = userId,
                Gid = userId,
                DataStream = new MemoryStream(instanceFile.ToArray(), writable: false),
            });
        }
        archive.Position = 0;
        return archive;
    }
}
