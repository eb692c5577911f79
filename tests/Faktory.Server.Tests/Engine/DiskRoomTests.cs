using Faktory.Server.Engine;

namespace Faktory.Server.Tests.Engine;

public sealed class DiskRoomTests : IDisposable
{
    const long Megabyte = 1 << 20;

    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(64, 10_000)]
    [InlineData(40, 400)]
    [InlineData(24, 100)]
    public void Jobs_are_refused_below_64_MB_or_on_small_disks_a_tenth_and_at_least_24(long keptMegabytes, long diskMegabytes)
    {
        Room(keptMegabytes * Megabyte, diskMegabytes).Refuse(EngineLimits.Default).ShouldBeNull();
        Room(keptMegabytes * Megabyte - 1, diskMegabytes).Refuse(EngineLimits.Default)!.ShouldStartWith("the server's disk is full: ");
    }

    [Fact]
    public void What_was_written_since_the_disk_was_looked_at_counts_too()
    {
        var room = Room(65 * Megabyte, 10_000);
        room.Refuse(EngineLimits.Default).ShouldBeNull();
        _engine.Push("job-large", $",\"padding\":\"{new string('x', 600_000)}\"").ShouldBe("+OK");
        room.Refuse(EngineLimits.Default).ShouldNotBeNull();
    }

    StorageRoom Room(long freeBytes, long diskMegabytes) => new(_engine.Store, () => (freeBytes, diskMegabytes * Megabyte), _engine.Clock);
}
