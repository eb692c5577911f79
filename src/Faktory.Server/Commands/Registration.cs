using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>A connection said HELLO with the wid of its worker process.</summary>
sealed class JoinWorker(Session session) : Command
{
    internal override void Execute(JobEngine engine)
    {
        engine.Workers.Join(session, engine.Now, engine.SteadyNow);
        engine.Answer(this, Reply.Ok);
    }
}

/// <summary>A connection with a wid has closed.</summary>
sealed class LeaveWorker(Session session) : Command
{
    internal override void Execute(JobEngine engine)
    {
        engine.Workers.Leave(session);
        if (engine.Workers.Find(session.Wid) is null)
            engine.Throttles.Leave(session.Wid);
        engine.Answer(this, Reply.Ok);
    }
}
