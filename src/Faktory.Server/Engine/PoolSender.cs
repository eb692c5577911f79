using Faktory.Server.Commands;

namespace Faktory.Server.Engine;

/// <summary>Sends answers on the thread pool: for an engine that no event loop serves.</summary>
sealed class PoolSender : IAnswerSender
{
    internal static PoolSender Instance { get; } = new();

    public bool IsHere => false;

    public void Send(List<Command> answered) => ThreadPool.UnsafeQueueUserWorkItem(Release, answered, preferLocal: false);

    static void Release(List<Command> answered)
    {
        foreach (var command in answered)
            command.Release();
    }
}
