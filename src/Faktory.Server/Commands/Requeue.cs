using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>REQUEUE {"jid"}: its worker gives the job back. It is first in its queue again, and no retry is spent.</summary>
sealed class Requeue(Session session, byte[] jid) : Command
{
    // Without a jid the client gets its own words back.
    internal static Command Read(ReadOnlySpan<byte> argument, Session session) =>
        StringMembers.Jid(argument) is { } jid ? new Requeue(session, jid) : new Refusal(Reply.Error("invalid REQUEUE ", argument));

    internal override void Execute(JobEngine engine)
    {
        if (engine.Reservations.Find(jid, session.Wid) is not { } reservation)
        {
            engine.Answer(this, Reply.Error("Job not found ", jid));
            return;
        }
        engine.Return(reservation);
        engine.Uses.GivenBack++;
        engine.AnswerWhenSynced(this, Reply.Ok);
    }
}
