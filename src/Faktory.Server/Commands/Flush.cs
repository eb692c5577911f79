using Faktory.Server.Engine;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>FLUSH: all jobs, queues, pauses and counters are gone; workers stay registered.</summary>
sealed class Flush : Command
{
    internal override void Execute(JobEngine engine)
    {
        engine.Removals.Everything();
        engine.AnswerWhenSynced(this, Reply.Ok);
    }
}
