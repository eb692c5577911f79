using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>CANCEL {"jid"}: a job that waits, is scheduled, is to be retried, or is at work is deleted. Dead ones are not looked at.</summary>
sealed class Cancel(byte[] jid) : Command
{
    internal byte[] Jid => jid;

    internal static Command Read(ReadOnlySpan<byte> argument) =>
        StringMembers.Jid(argument) is { } jid ? new Cancel(jid) : new Refusal(Reply.Error("invalid CANCEL ", argument));

    internal override void Execute(JobEngine engine)
    {
        if (engine.Features.Refuse(Feature.Cancel) is { } refusal)
            engine.Answer(this, Reply.Error(refusal));
        else
            engine.Cancellations.Begin(this);
    }
}
