using Faktory.Server.Commands;

namespace Faktory.Server.Engine;

/// <summary>
/// Sends answers on their way on the thread pool, several in one go: what a connection does with its answer (write, send, read on)
/// runs right there, which saves a thread switch for each.
/// </summary>
static class Releases
{
    // So that on a larger machine several threads send the answers of a large round.
    const int EachMax = 32;

    // Fewer are sent by whoever has them: for these a switch would cost more than the sending.
    const int AtOnceMax = 4;

    /// <summary>Takes the list over.</summary>
    internal static void Run(List<Command> answered)
    {
        if (answered.Count <= AtOnceMax)
        {
            foreach (var command in answered)
                command.Release();
            return;
        }
        for (var from = 0; from < answered.Count; from += EachMax)
            ThreadPool.UnsafeQueueUserWorkItem(new Part(answered, from, Math.Min(from + EachMax, answered.Count)), preferLocal: false);
    }

    sealed class Part(List<Command> answered, int from, int to) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = from; i < to; i++)
                answered[i].Release();
        }
    }
}
