using Faktory.Server.Jobs;
using Faktory.Server.Queues;

namespace Faktory.Server.Config;

/// <summary>The table <c>[weights]</c>, and <c>weights</c> in the instance file: a number for each queue.</summary>
static class WeightSettings
{
    /// <exception cref="ConfigurationException">One of them makes no sense.</exception>
    internal static IReadOnlyDictionary<string, int> Read(IReadOnlyDictionary<string, int>? weights)
    {
        foreach (var (queue, weight) in weights ?? new Dictionary<string, int>())
        {
            if (!Submission.IsQueueName(queue))
                throw new ConfigurationException($"the weight of \"{queue}\": that is no name of a queue");
            if (weight is < 1 or > QueueWeights.Max)
                throw new ConfigurationException($"the weight of the queue {queue} must be from 1 to {QueueWeights.Max}, and is {weight}");
        }
        return weights ?? new Dictionary<string, int>();
    }
}
