using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>ACK {"jid"}: the job is done and forgotten. <c>+OK</c> also for one that is not at work.</summary>
sealed class Ack(Session session, byte[] jid) : Command
{
    // Without a jid the client gets its own words back.
    internal static Command Read(ReadOnlySpan<byte> argument, Session session) =>
        StringMembers.Jid(argument) is { } jid ? new Ack(session, jid) : new Refusal(Reply.Error("invalid ACK ", argument));

    internal override void Execute(JobEngine engine)
    {
        if (engine.Reservations.Find(jid, session.Wid) is { } reservation)
        {
            engine.Reservations.Remove(reservation);
            engine.Perform.Observe(TimeSpan.FromTicks(Math.Max(0, engine.Now - reservation.ReservedAt)));
            engine.DeleteJob(reservation);
            engine.Removals.Succeed(reservation);
            engine.Store.Counters.Processed++;
        }
        // Also when there was nothing to do: an earlier ACK of this job may not be durable yet.
        engine.AnswerWhenSynced(this, Reply.Ok);
    }
}
