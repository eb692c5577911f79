namespace Faktory.Server.Scheduling;

/// <summary>Something that is due at a time and sits in at most one <see cref="DueHeap{T}"/>.</summary>
abstract class DueItem
{
    internal const int NotInHeap = -1;

    internal long DueAt;
    internal int HeapIndex = NotInHeap;
}

/// <summary>
/// Items by due time, earliest first. Unlike a priority queue it can remove any item at once:
/// a thousand acknowledged jobs a second must not stay behind for their half hour of reservation.
/// </summary>
sealed class DueHeap<T> where T : DueItem
{
    readonly List<T> _items = [];

    internal int Count => _items.Count;

    internal T? First => _items.Count == 0 ? null : _items[0];

    internal void Add(T item, long dueAt)
    {
        item.DueAt = dueAt;
        _items.Add(item);
        item.HeapIndex = _items.Count - 1;
        Rise(item);
    }

    internal void Move(T item, long dueAt)
    {
        item.DueAt = dueAt;
        Rise(item);
        Sink(item);
    }

    internal void Remove(T item)
    {
        var last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        if (last != item)
        {
            Place(last, item.HeapIndex);
            Rise(last);
            Sink(last);
        }
        item.HeapIndex = DueItem.NotInHeap;
    }

    internal void Clear()
    {
        foreach (var item in _items)
            item.HeapIndex = DueItem.NotInHeap;
        _items.Clear();
    }

    void Rise(T item)
    {
        while (item.HeapIndex > 0 && _items[(item.HeapIndex - 1) / 2] is var parent && parent.DueAt > item.DueAt)
            Swap(item, parent);
    }

    void Sink(T item)
    {
        while (true)
        {
            var left = 2 * item.HeapIndex + 1;
            if (left >= _items.Count)
                return;
            var child = left + 1 < _items.Count && _items[left + 1].DueAt < _items[left].DueAt ? _items[left + 1] : _items[left];
            if (child.DueAt >= item.DueAt)
                return;
            Swap(item, child);
        }
    }

    void Swap(T a, T b)
    {
        var index = a.HeapIndex;
        Place(a, b.HeapIndex);
        Place(b, index);
    }

    void Place(T item, int index)
    {
        _items[index] = item;
        item.HeapIndex = index;
    }
}
