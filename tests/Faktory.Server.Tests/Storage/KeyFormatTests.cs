using System.Text;
using Faktory.Server.Debouncing;
using Faktory.Server.Jobs;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Tracking;
using Faktory.Server.Workers;

namespace Faktory.Server.Tests.Storage;

/// <summary>The bytes of format 1. A change here makes existing data unreadable: it needs a new version and a way to get there.</summary>
public sealed class KeyFormatTests
{
    static readonly JobLocation Location = new(0x01020304, 5, 0x1112131415161718);

    [Fact]
    public void A_jobs_key_is_q_queue_lane_sequence() =>
        Hex(Keys.At(Keys.Job, Location, new byte[Keys.LocationLength])).ShouldBe("71" + "01020304" + "05" + "1112131415161718");

    [Fact]
    public void A_reservations_key_differs_in_its_letter() =>
        Hex(Keys.At(Keys.Reservation, Location, new byte[Keys.LocationLength])).ShouldBe("77" + "01020304" + "05" + "1112131415161718");

    [Fact]
    public void A_location_comes_back_out_of_its_key() =>
        Keys.Location(Keys.At(Keys.Job, Location, new byte[Keys.LocationLength])).ShouldBe(Location);

    [Theory]
    [InlineData('s')]
    [InlineData('r')]
    [InlineData('d')]
    public void A_key_of_a_set_ordered_by_time_is_letter_due_sequence(char set) =>
        Hex(Keys.Timed((byte)set, 0x2122232425262728, 9, new byte[Keys.TimedLength])).ShouldBe($"{(int)set:x2}" + "2122232425262728" + "0000000000000009");

    [Fact]
    public void Names_lanes_and_counters_have_their_places()
    {
        Encoding.ASCII.GetString(Keys.QueueName("default")).ShouldBe("ndefault");
        Hex(Keys.LaneMeta(7, 9, new byte[Keys.LaneMetaLength])).ShouldBe("6d6c" + "00000007" + "09");
        Encoding.ASCII.GetString(Keys.Version).ShouldBe("mv");
        Encoding.ASCII.GetString(Keys.Counters).ShouldBe("mc");
        Hex(Keys.History(0x01020304)).ShouldBe("6d68" + "01020304");
        Keys.FormatVersion.ShouldBe(1u);
    }

    [Fact]
    public void A_job_record_is_version_reserve_for_enqueued_at_jid_json() =>
        Hex(JobRecord.Create("abc"u8, 600, 0x3132333435363738, [], "{}"u8).Bytes)
            .ShouldBe("01" + "00000258" + "3132333435363738" + "0003" + "616263" + "7b7d");

    [Fact]
    public void A_reservation_record_is_version_times_lengths_jid_wid()
    {
        var record = new Reservation(Location, "abc"u8.ToArray(), "w1", 0x4142434445464748, []).Write(0x5152535455565758);
        Hex(record).ShouldBe("01" + "5152535455565758" + "4142434445464748" + "0003" + "0002" + "616263" + "7731");

        var read = Reservation.Read(Location, record, out var expiresAt);
        expiresAt.ShouldBe(0x5152535455565758);
        (Encoding.ASCII.GetString(read.Jid), read.Wid, read.ReservedAt).ShouldBe(("abc", "w1", 0x4142434445464748));
    }

    [Fact]
    public void A_job_record_with_traits_is_of_version_2_and_says_how_long_they_are() =>
        Hex(JobRecord.Create("abc"u8, 600, 0x3132333435363738, new JobTraits(ExpiresAt: 0x6162636465666768).Write(), "{}"u8).Bytes)
            .ShouldBe("02" + "00000258" + "3132333435363738" + "0003" + "000a" + "616263" + "0308" + "6162636465666768" + "7b7d");

    [Fact]
    public void A_reservation_with_traits_is_of_version_2_and_has_them_at_its_end()
    {
        var traits = new JobTraits([.. Enumerable.Repeat((byte)0xaa, 16)], IsUniqueUntilStart: true);
        var record = new Reservation(Location, "abc"u8.ToArray(), "w1", 0x4142434445464748, traits.Write()).Write(0x5152535455565758);
        Hex(record).ShouldBe("02" + "5152535455565758" + "4142434445464748" + "0003" + "0002" + "616263" + "7731" + "0210" + new string('a', 32));

        var read = Reservation.Read(Location, record, out _);
        (read.Wid, Hex(read.Traits.UniqueKey), read.Traits.IsUniqueUntilStart).ShouldBe(("w1", new string('a', 32), true));
    }

    [Fact]
    public void What_is_tracked_of_a_job_is_of_version_2_while_it_waits_in_a_queue_and_says_in_which()
    {
        var working = new TrackRecord(TrackedState.Working, 0x7172737475767778, 40, "abc");
        var waiting = working with { State = TrackedState.Enqueued, Percent = null, Home = 0x01020304 };

        Hex(working.Write()).ShouldBe("01" + "02" + "7172737475767778" + "28" + "616263");
        Hex(waiting.Write()).ShouldBe("02" + "01" + "7172737475767778" + "ff" + "01020304" + "616263");
        TrackRecord.Read(working.Write()).ShouldBe(working);
        TrackRecord.Read(waiting.Write()).ShouldBe(waiting);
    }

    [Fact]
    public void What_is_remembered_of_a_debounced_job_is_its_place_since_when_and_its_jid()
    {
        var record = new DebounceRecord(new TimedKey(0x2122232425262728, 9), 0x3132333435363738, "abc"u8.ToArray()).Write();
        Hex(record).ShouldBe("2122232425262728" + "0000000000000009" + "3132333435363738" + "616263");
        DebounceRecord.Read(record).Place.ShouldBe(new TimedKey(0x2122232425262728, 9));
    }

    [Fact]
    public void Counters_are_read_with_and_without_expired_and_replaced_jobs()
    {
        new Counters { Expired = 9 }.Write(new byte[Counters.Length]).Length.ShouldBe(96);
        var written = new Counters { Enqueued = 3, Expired = 9, Replaced = 7 }.Write(new byte[Counters.Length]).ToArray();
        var (read, old) = (new Counters(), new Counters());
        read.Read(written);
        (read.Enqueued, read.Expired, read.Replaced).ShouldBe((3, 9, 7));
        old.Read(written.AsSpan(0, 88));
        (old.Enqueued, old.Expired).ShouldBe((3, 0));
    }

    [Fact]
    public void Counters_come_back_as_they_were_written()
    {
        var counters = new Counters { Enqueued = 3, Processed = 4, Failures = 5 };
        counters.TakeSequence();
        counters.TakeQueueId();
        counters.Scheduled.Count = 6;
        counters.Dead.Floor = 7;
        var written = counters.Write(new byte[Counters.Length]);
        written.Length.ShouldBe(88);

        var read = new Counters();
        read.Read(written);
        Hex(read.Write(new byte[Counters.Length])).ShouldBe(Hex(written));
        read.TakeSequence().ShouldBe(2ul);
    }

    [Fact]
    public void A_store_of_a_newer_format_is_left_alone()
    {
        using var folder = new TestFolder();
        using (var store = JobStore.Open(folder["store"]))
        {
            store.Batch.Put(Keys.Version, [0, 0, 0, 2]);
            store.WritePending();
        }
        Should.Throw<StorageException>(() => JobStore.Open(folder["store"]).Dispose()).Message.ShouldContain("format 2");
    }

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
