using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Engine;

/// <summary>The room that is held in reserve on the disk, through a full disk and after it.</summary>
public sealed class ReserveTests
{
    const int DiskMegabytes = 200;

    static readonly TimeSpan LooksEvery = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Room_freed_by_a_start_on_a_full_disk_is_held_again_when_the_disk_has_room_without_another_start()
    {
        LoopDisk.RequireOrSkip();
        using var disk = LoopDisk.Create(DiskMegabytes);
        await using var server = await TestServer.StartAsync(options => options with { DataDirectory = disk["data"] });
        IsHeld(disk).ShouldBeTrue();
        await server.RestartAsync(meanwhile: () => disk.Fill("filler"));
        IsHeld(disk).ShouldBeFalse();

        await server.AdvanceAsync(LooksEvery);
        IsHeld(disk).ShouldBeFalse("the disk is full still");
        File.Delete(disk["filler"]);
        await server.AdvanceAsync(LooksEvery);

        IsHeld(disk).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_held_for_a_server_that_has_stopped()
    {
        LoopDisk.RequireOrSkip();
        using var disk = LoopDisk.Create(DiskMegabytes);
        await using var server = await TestServer.StartAsync(options => options with { DataDirectory = disk["data"] });
        await server.RestartAsync(meanwhile: () => disk.Fill("filler"));
        await server.Host.DisposeAsync();
        File.Delete(disk["filler"]);

        server.Clock.Advance(LooksEvery);

        IsHeld(disk).ShouldBeFalse();
    }

    static bool IsHeld(LoopDisk disk) => File.Exists(Path.Combine(disk["data"], "ballast"));
}
