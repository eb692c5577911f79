using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Storage;

public sealed class BallastTests : IDisposable
{
    const long Megabyte = 1 << 20;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(55, false)]
    [InlineData(56, true)]
    public void It_is_held_where_enough_is_left_besides(long freeMegabytes, bool isHeld)
    {
        var ballast = On(freeMegabytes, 1000);
        ballast.HoldIfRoom(_ => 24 * Megabyte);
        ballast.IsHeld.ShouldBe(isHeld);
    }

    [Fact]
    public void It_takes_up_what_it_holds()
    {
        On(1000, 1000).HoldIfRoom(_ => 0);
        new FileInfo(_folder["ballast"]).Length.ShouldBe(32 * Megabyte);
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void It_is_freed_where_less_is_left_than_it_holds(long freeMegabytes, bool isFreed)
    {
        On(1000, 1000).HoldIfRoom(_ => 0);
        var ballast = On(freeMegabytes, 1000);

        ballast.ReleaseIfShort().ShouldBe(isFreed);
        ballast.IsHeld.ShouldBe(!isFreed);
    }

    Ballast On(long freeMegabytes, long totalMegabytes) => new(_folder["ballast"], () => (freeMegabytes * Megabyte, totalMegabytes * Megabyte));
}
