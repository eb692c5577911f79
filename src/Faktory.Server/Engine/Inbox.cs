namespace Faktory.Server.Engine;

/// <summary>Where many threads leave things and one collects them, all at once.</summary>
sealed class Inbox<T>
{
    readonly object _gate = new();
    List<T> _items = [];
    bool _isRung;
    bool _isClosed;

    /// <summary>False when the inbox is closed, and nothing taken.</summary>
    internal bool TryPost(List<T> items)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _items.AddRange(items);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Makes the collector look up, without leaving anything.</summary>
    internal void Ring()
    {
        lock (_gate)
        {
            _isRung = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>From now on nothing more can be left; what is there can still be collected.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Waits until there is something, or the bell was rung, or the inbox is closed, and swaps the full list for an <paramref name="empty"/> one.
    /// False once it is closed and empty.
    /// </summary>
    internal bool Collect(List<T> empty, out List<T> collected)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_isRung && !_isClosed)
                Monitor.Wait(_gate);
            _isRung = false;
            (collected, _items) = (_items, empty);
            return collected.Count > 0 || !_isClosed;
        }
    }
}
