using System.Buffers.Binary;
using Faktory.Server.Storage;

namespace Faktory.Server.Metrics;

/// <summary>What was done on a day. Failures are among the processed.</summary>
/// <param name="Day">Since 1970, UTC.</param>
/// <param name="Processed">Jobs acknowledged or failed.</param>
/// <param name="Failures">Jobs failed or expired.</param>
readonly record struct DayOfHistory(int Day, long Processed, long Failures);

/// <summary>
/// How many jobs were processed and failed on each of the last <see cref="DaysMax"/> days. Derived from the counters and written in their
/// batch, so that after a crash both tell the same. Belongs to whoever runs the engine.
/// </summary>
sealed class DailyHistory
{
    internal const int DaysMax = 180;

    readonly JobStore _store;
    readonly Func<long> _now;
    readonly Dictionary<int, DayOfHistory> _days = [];
    long _processed;
    long _failures;

    /// <param name="store">Where the days are kept.</param>
    /// <param name="now">100 ns since 1970.</param>
    internal DailyHistory(JobStore store, Func<long> now)
    {
        (_store, _now) = (store, now);
        (_processed, _failures) = (store.Counters.Processed, store.Counters.Failures);
        using (var rows = store.Database.Scan(Keys.History(0), Keys.History(int.MaxValue)))
        {
            for (; rows.IsValid; rows.Next())
            {
                var (day, value) = (Keys.HistoryDay(rows.Key), rows.CopyValue());
                _days[day] = new DayOfHistory(day, BinaryPrimitives.ReadInt64BigEndian(value), BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(8)));
            }
        }
        store.Completing += Write;
    }

    /// <summary>The last days, today last; those on which nothing happened too.</summary>
    internal DayOfHistory[] Last(int days)
    {
        var today = DayOf(_now());
        return [.. Enumerable.Range(today - days + 1, days).Select(day => _days.GetValueOrDefault(day, new DayOfHistory(day, 0, 0)))];
    }

    /// <summary>Forgets all days, together with the counters.</summary>
    internal void Clear()
    {
        _days.Clear();
        (_processed, _failures) = (0, 0);
        _store.Batch.DeleteRange(Keys.History(0), Keys.History(int.MaxValue));
    }

    internal static int DayOf(long now) => (int)(now / TimeSpan.TicksPerDay);

    void Write(WriteBatch batch)
    {
        var (processed, failures) = (_store.Counters.Processed - _processed, _store.Counters.Failures - _failures);
        if (processed == 0 && failures == 0)
            return;
        (_processed, _failures) = (_store.Counters.Processed, _store.Counters.Failures);
        var today = DayOf(_now());
        if (!_days.TryGetValue(today, out var day))
        {
            day = new DayOfHistory(today, 0, 0);
            Forget(today - DaysMax, batch);
        }
        day = day with { Processed = day.Processed + processed, Failures = day.Failures + failures };
        _days[today] = day;

        Span<byte> value = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, day.Processed);
        BinaryPrimitives.WriteInt64BigEndian(value[sizeof(long)..], day.Failures);
        batch.Put(Keys.History(today), value);
    }

    void Forget(int last, WriteBatch batch)
    {
        foreach (var old in _days.Keys.Where(d => d <= last).ToArray())
        {
            _days.Remove(old);
            batch.Delete(Keys.History(old));
        }
    }
}
