namespace Faktory.Server.Queues;

/// <summary>
/// In which order the queues of a FETCH are looked at. As the client has them, unless one of them has a weight: then at random, each first as often
/// as its share of the weights. Belongs to whoever runs the engine.
/// </summary>
sealed class QueueWeights(Random random)
{
    internal const int Max = 1000;

    // A queue that has none beside one that has.
    const int Default = 1;

    IReadOnlyDictionary<string, int> _weights = new Dictionary<string, int>();

    internal void Follow(IReadOnlyDictionary<string, int> weights) => _weights = weights;

    internal string[] Order(string[] queues)
    {
        if (_weights.Count == 0 || queues.Length == 1 || !queues.Any(_weights.ContainsKey))
            return queues;
        // An exponential wait for each, the shorter the heavier: P. S. Efraimidis and P. G. Spirakis, Weighted random sampling with a reservoir (2006).
        return [.. queues.OrderBy(queue => -Math.Log(1 - random.NextDouble()) / _weights.GetValueOrDefault(queue, Default))];
    }
}
