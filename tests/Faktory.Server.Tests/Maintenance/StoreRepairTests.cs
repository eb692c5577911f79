using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Maintenance;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Maintenance;

public sealed class StoreRepairTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sound_store_comes_out_as_it_was(bool isFlushed)
    {
        FilledStore.Make(_folder["store"], isFlushed);

        var repair = Repair();

        repair.Lost.Kept.ShouldBeEmpty();
        repair.Saved.ShouldBe(FilledStore.Counts);
        ShouldBeSound().ShouldBe(FilledStore.Counts);
        Jids("default").ShouldBe(Enumerable.Range(0, FilledStore.Queued).Where(i => i % 2 == 0).Select(FilledStore.Jid));
    }

    [Fact]
    public void Damaged_blocks_cost_their_own_jobs_and_no_others()
    {
        FilledStore.Make(_folder["store"], isFlushed: true);
        var table = Directory.EnumerateFiles(_folder["store"], "*.sst").MaxBy(f => new FileInfo(f).Length)!;
        var bytes = File.ReadAllBytes(table);
        foreach (var part in (double[])[0.2, 0.5])
            bytes[(int)(bytes.Length * part)] ^= 1;
        File.WriteAllBytes(table, bytes);
        var before = FilledStore.Read(_folder["store"]);

        var repair = Repair();

        before.ShouldBeUntouched(_folder["store"]);
        repair.Expected.ShouldBe(FilledStore.Counts);
        repair.Lost.Count.ShouldBeGreaterThan(1);
        repair.Saved.Queued.ShouldBeInRange(FilledStore.Queued - 500, FilledStore.Queued - 1);
        ShouldBeSound().ShouldBe(repair.Saved);
    }

    [Fact]
    public void A_log_that_rotted_in_the_middle_gives_what_is_whole()
    {
        FilledStore.Make(_folder["store"], isFlushed: false);
        var log = Directory.EnumerateFiles(_folder["store"], "*.log").MaxBy(f => new FileInfo(f).Length)!;
        var bytes = File.ReadAllBytes(log);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(log, bytes);
        Should.Throw<CorruptStorageException>(() => JobStore.Open(_folder["store"]).Dispose());

        var repair = Repair();

        repair.Lost.Count.ShouldBeGreaterThan(0);
        repair.Saved.Queued.ShouldBeInRange(FilledStore.Queued / 3, FilledStore.Queued - 1);
        ShouldBeSound().ShouldBe(repair.Saved);
    }

    [Theory]
    [InlineData("MANIFEST-*")]
    [InlineData("CURRENT")]
    public void A_store_without_its_table_of_contents_is_rebuilt_from_its_tables(string missing)
    {
        FilledStore.Make(_folder["store"], isFlushed: true);
        foreach (var file in Directory.EnumerateFiles(_folder["store"], missing))
            File.Delete(file);

        var repair = Repair();

        repair.Saved.ShouldBe(FilledStore.Counts);
        ShouldBeSound().ShouldBe(FilledStore.Counts);
    }

    [Fact]
    public void Jobs_that_were_at_work_are_first_in_their_queue_again()
    {
        FilledStore.Make(_folder["store"], isFlushed: false);
        using (var store = JobStore.Open(_folder["store"]))
        {
            var engine = new JobEngine(store, TimeProvider.System, new Random(1));
            var job = engine.Queues.Find("default")!.TakeFirst(out var location);
            var reservation = new Faktory.Server.Workers.Reservation(location, job.Record.Jid.ToArray(), "wid-1", engine.Now, []);
            engine.Reservations.Add(reservation, engine.SteadyNow, engine.Now);
            store.WritePending();
        }

        var repair = Repair();

        repair.Lost.Kept.ShouldBeEmpty();
        repair.Saved.ShouldBe(FilledStore.Counts);
        Jids("default").First().ShouldBe(FilledStore.Jid(0));
    }

    [Fact]
    public void Where_nothing_can_be_read_nothing_is_made_up()
    {
        Directory.CreateDirectory(_folder["store"]);
        File.WriteAllText(Path.Combine(_folder["store"], "CURRENT"), "nonsense");

        Should.Throw<StorageException>(Repair);
    }

    StoreRepair Repair() => StoreRepair.Run(_folder["store"], _folder["copy"], _folder["repaired"], _ => { });

    JobCounts ShouldBeSound()
    {
        var check = StoreCheck.Run(_folder["repaired"], _ => { });
        check.Findings.Kept.ShouldBeEmpty();
        return check.Counts;
    }

    List<string> Jids(string queue)
    {
        using var store = JobStore.Open(_folder["repaired"]);
        var found = new JobEngine(store, TimeProvider.System, new Random(1)).Queues.Find(queue)!;
        var jids = new List<string>();
        while (found.Count > 0)
            jids.Add(Encoding.UTF8.GetString(found.TakeFirst(out _).Record.Jid));
        return jids;
    }
}
