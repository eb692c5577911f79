using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Workers;

/// <summary>All jobs at work, by jid and by when their reservation ends. Belongs to whoever runs the engine.</summary>
sealed class ReservationTable(JobStore store)
{
    readonly Dictionary<byte[], Reservation> _byJid = new(JidComparer.Instance);
    readonly DueHeap<Reservation> _byEnd = new();

    /// <summary>Called with each one that has ended.</summary>
    internal Action<Reservation>? Ended { get; set; }

    internal int Count => _byEnd.Count;

    /// <summary>The one that ends first.</summary>
    internal Reservation? First => _byEnd.First;

    internal IEnumerable<Reservation> All
    {
        get
        {
            foreach (var first in _byJid.Values)
            {
                for (var reservation = first; reservation is not null; reservation = reservation.NextOfSameJid)
                    yield return reservation;
            }
        }
    }

    /// <param name="reservation">The new reservation, whose job has just left its queue.</param>
    /// <param name="endsAt">On the steady clock.</param>
    /// <param name="expiresAt">The same moment in 100 ns since 1970, which is what a restart goes by.</param>
    internal void Add(Reservation reservation, long endsAt, long expiresAt)
    {
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        store.Batch.Put(Keys.At(Keys.Reservation, reservation.Location, key), reservation.Write(expiresAt));
        Index(reservation, endsAt);
    }

    /// <summary>The job with that id which <paramref name="wid"/> has, else the one that was reserved first.</summary>
    internal Reservation? Find(byte[] jid, string wid)
    {
        if (!_byJid.TryGetValue(jid, out var first))
            return null;
        for (var reservation = first; reservation is not null && wid.Length > 0; reservation = reservation.NextOfSameJid)
        {
            if (reservation.Wid == wid)
                return reservation;
        }
        return first;
    }

    /// <summary>Ends the reservation. What becomes of the job's bytes is the caller's next word, in the same step.</summary>
    internal void Remove(Reservation reservation)
    {
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        store.Batch.SingleDelete(Keys.At(Keys.Reservation, reservation.Location, key));
        _byEnd.Remove(reservation);
        Unlink(reservation);
        Ended?.Invoke(reservation);
    }

    /// <summary>Lets a reservation end later; never earlier.</summary>
    internal void Extend(Reservation reservation, long endsAt, long expiresAt)
    {
        if (endsAt <= reservation.DueAt)
            return;
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        var stored = Keys.At(Keys.Reservation, reservation.Location, key);
        // Deleted in between: a key that is deleted as one that was put once must have been.
        store.Batch.SingleDelete(stored);
        store.Batch.Put(stored, reservation.Write(expiresAt));
        _byEnd.Move(reservation, endsAt);
    }

    internal void Clear()
    {
        store.Batch.DeleteRange([Keys.Reservation], [Keys.Reservation + 1]);
        _byEnd.Clear();
        _byJid.Clear();
    }

    /// <summary>Reads all reservations after a start.</summary>
    internal void Load(Func<long, long> endOf)
    {
        using var stored = store.Database.Scan([Keys.Reservation], [Keys.Reservation + 1]);
        for (; stored.IsValid; stored.Next())
        {
            var reservation = Reservation.Read(Keys.Location(stored.Key), stored.CopyValue(), out var expiresAt);
            Index(reservation, endOf(expiresAt));
        }
    }

    void Index(Reservation reservation, long endsAt)
    {
        _byEnd.Add(reservation, endsAt);
        if (!_byJid.TryGetValue(reservation.Jid, out var last))
        {
            _byJid.Add(reservation.Jid, reservation);
            return;
        }
        while (last.NextOfSameJid is { } next)
            last = next;
        last.NextOfSameJid = reservation;
    }

    void Unlink(Reservation reservation)
    {
        var first = _byJid[reservation.Jid];
        if (first == reservation)
        {
            if (reservation.NextOfSameJid is { } next)
                _byJid[reservation.Jid] = next;
            else
                _byJid.Remove(reservation.Jid);
            return;
        }
        var before = first;
        while (before.NextOfSameJid != reservation)
            before = before.NextOfSameJid!;
        before.NextOfSameJid = reservation.NextOfSameJid;
    }
}
