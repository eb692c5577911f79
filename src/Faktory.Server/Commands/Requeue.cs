using System.Text;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>REQUEUE {"jid"}: its worker gives the job back. It is first in its queue again, and no retry is spent.</summary>
sealed class Requeue(Session session, byte[] jid) : Command
{
    internal static Command Read(ReadOnlySpan<byte> argument, Session session)
    {
        try
        {
            if (StringMembers.Read(argument).GetValueOrDefault("jid") is { Length: > 0 } jid)
                return new Requeue(session, Encoding.UTF8.GetBytes(jid));
        }
        catch (JsonException)
        {
            // Answered like a missing jid: the client gets its own words back.
        }
        return new Refusal(Reply.Error("invalid REQUEUE ", argument));
    }

    internal override void Execute(JobEngine engine)
    {
        if (engine.Reservations.Find(jid, session.Wid) is not { } reservation)
        {
            engine.Answer(this, Reply.Error("Job not found ", jid));
            return;
        }
        engine.Return(reservation);
        engine.AnswerWhenSynced(this, Reply.Ok);
    }
}
