using Faktory.Server.Maintenance;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Maintenance;

public sealed class StoreCheckTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sound_store_is_read_in_full_and_not_touched(bool isFlushed)
    {
        FilledStore.Make(_folder["store"], isFlushed);
        var before = FilledStore.Read(_folder["store"]);

        var check = StoreCheck.Run(_folder["store"], _ => { });

        check.Findings.Kept.ShouldBeEmpty();
        check.Counts.ShouldBe(FilledStore.Counts);
        before.ShouldBeUntouched(_folder["store"]);
    }

    [Fact]
    public void A_store_that_is_not_there_is_not_made()
    {
        StoreCheck.Run(_folder["store"], _ => { }).Findings.Count.ShouldBe(1);

        Directory.Exists(_folder["store"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("lane", "queue default priority 5: it holds 2500 jobs, and should hold 0")]
    [InlineData("job", "queue default priority 5: it holds 2499 jobs, and should hold 2500")]
    [InlineData("name", "queue number 1 priority 5: the queue has no name")]
    [InlineData("reservation", "reservation of queue 1 priority 5 number 999999: its job is not there")]
    [InlineData("record", "queued job of queue 1 priority 5 number 1: the job cannot be read: ")]
    [InlineData("set", "scheduled jobs: there are 301, and should be 300")]
    [InlineData("counters", "counters: the next job would get the number 1, and 5300 is in use")]
    public void What_does_not_belong_together_is_found(string damage, string finding)
    {
        FilledStore.Make(_folder["store"], isFlushed: false);
        using (var store = JobStore.Open(_folder["store"]))
        using (var batch = new WriteBatch())
        {
            Damage(damage, batch);
            store.Database.Write(batch);
        }

        var check = StoreCheck.Run(_folder["store"], _ => { });

        check.Findings.Kept.Select(f => $"{f.Where}: {f.What}").ShouldContain(text => text.StartsWith(finding, StringComparison.Ordinal));
    }

    static void Damage(string damage, WriteBatch batch)
    {
        var key = new byte[Keys.TimedLength];
        var first = new JobLocation(1, 5, 1);
        switch (damage)
        {
            case "lane": batch.Delete(Keys.LaneMeta(1, 5, key)); break;
            case "job": batch.Delete(Keys.At(Keys.Job, first, key)); break;
            case "name": batch.Delete(Keys.QueueName("default")); break;
            case "reservation": batch.Put(Keys.At(Keys.Reservation, new JobLocation(1, 5, 999_999), key), [1]); break;
            case "record": batch.Put(Keys.At(Keys.Job, first, key), [9]); break;
            case "set": batch.Put(Keys.Timed(Keys.Scheduled, 1, 1, key), [9]); break;
            case "counters": batch.Delete(Keys.Counters); break;
        }
    }

    [Fact]
    public void A_flipped_bit_is_found_wherever_it_is()
    {
        FilledStore.Make(_folder["store"], isFlushed: true);
        var table = Directory.EnumerateFiles(_folder["store"], "*.sst").MaxBy(f => new FileInfo(f).Length)!;
        var whole = File.ReadAllBytes(table);
        var seed = new Random(5).Next();
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            // Jobs and their index; what is behind them is not read by a walk.
            var at = random.Next(whole.Length * 9 / 10);
            File.WriteAllBytes(table, [.. whole[..at], (byte)(whole[at] ^ 4), .. whole[(at + 1)..]]);

            StoreCheck.Run(_folder["store"], _ => { }).Findings.Count.ShouldBeGreaterThan(0, $"seed {seed}, byte {at} of {whole.Length}");
        }
    }
}
