using BackupScheduler.Stores;

namespace ControlPlane.Tests.ObjectStores;

public sealed class FolderStoreTests : ObjectStoreContract, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("folder-store-").FullName;
    readonly FolderStore store;

    public FolderStoreTests() => store = new FolderStore(Path.Combine(folder, "store"));

    internal override IObjectStore Store => store;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Files_are_readable_by_their_owner_only()
    {
        await PutAsync("a/b", [1]);
        File.GetUnixFileMode(Path.Combine(folder, "store/a/b")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(folder, "store/a")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_not_listed_and_is_removed_once_old()
    {
        var litter = Path.Combine(folder, "store/.incoming/left");
        await File.WriteAllTextAsync(litter, "half");
        var writtenAt = new DateTimeOffset(File.GetLastWriteTimeUtc(litter));
        (await ListAsync("")).ShouldBeEmpty();
        (await Store.RemoveUnfinishedAsync(writtenAt, default)).ShouldBe(0);
        (await Store.RemoveUnfinishedAsync(writtenAt.AddSeconds(1), default)).ShouldBe(1);
        File.Exists(litter).ShouldBeFalse();
    }

    [Fact]
    public async Task Deleting_the_last_object_of_a_folder_removes_the_folder()
    {
        await PutAsync("a/b/c", [1]);
        await Store.DeleteAsync("a/b/c", default);
        Directory.Exists(Path.Combine(folder, "store/a")).ShouldBeFalse();
        Directory.Exists(Path.Combine(folder, "store")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_that_is_in_the_way_says_so_in_the_stores_own_exception()
    {
        await PutAsync("a", [1]);
        await Should.ThrowAsync<ObjectStoreException>(() => PutAsync("a/b", [1]));
        (await ReadAsync("a")).ShouldBe([1]);
    }
}
