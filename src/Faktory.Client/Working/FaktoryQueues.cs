namespace Faktory.Client;

/// <summary>The queues of a worker and the order in which each FETCH names them. Not for several workers at once when weighted.</summary>
public sealed class FaktoryQueues
{
    readonly IReadOnlyList<string> _names;
    readonly Func<IReadOnlyList<string>> _next;

    FaktoryQueues(IReadOnlyList<string> names, Func<IReadOnlyList<string>>? next = null)
    {
        if (names.Count == 0 || names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("name at least one queue", nameof(names));
        _names = names;
        _next = next ?? (() => _names);
    }

    /// <summary>A queue is fetched from only while those before it are empty.</summary>
    public static FaktoryQueues Strict(params IReadOnlyList<string> names) => new([.. names]);

    /// <summary>
    /// Each FETCH draws the order anew: a queue of weight 3 comes first three times as often as one of weight 1, and none starves.
    /// </summary>
    /// <param name="random">Used by one caller at a time.</param>
    /// <param name="weights">1 or more each.</param>
    public static FaktoryQueues Weighted(Random random, params IReadOnlyList<(string Name, int Weight)> weights)
    {
        if (weights.Any(queue => queue.Weight < 1))
            throw new ArgumentException("a weight is 1 or more", nameof(weights));
        (string Name, int Weight)[] drum = [.. weights];
        return new([.. drum.Select(queue => queue.Name)], () => Draw(random, drum));
    }

    /// <summary>The names for one FETCH, the one to empty first in front.</summary>
    internal IReadOnlyList<string> Next() => _next();

    static string[] Draw(Random random, (string Name, int Weight)[] weights)
    {
        var left = weights.ToList();
        var order = new string[weights.Length];
        for (var place = 0; place < order.Length; place++)
        {
            var ticket = random.Next(left.Sum(queue => queue.Weight));
            var winner = left.FindIndex(queue => (ticket -= queue.Weight) < 0);
            order[place] = left[winner].Name;
            left.RemoveAt(winner);
        }

        return order;
    }
}
