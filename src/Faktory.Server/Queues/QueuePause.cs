namespace Faktory.Server.Queues;

/// <summary>That a queue gives out nothing.</summary>
/// <param name="Reason">For people, at most <see cref="ReasonCharactersMax"/>; may be empty.</param>
/// <param name="Until">When it ends by itself, 100 ns since 1970; null when somebody has to end it.</param>
sealed record QueuePause(string Reason = "", long? Until = null)
{
    internal const int ReasonCharactersMax = 200;
}
