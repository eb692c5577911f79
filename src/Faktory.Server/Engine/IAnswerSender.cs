using Faktory.Server.Commands;

namespace Faktory.Server.Engine;

/// <summary>Sends answers on their way: what a connection does with its answer (write, send, read on) runs where the sender has it run.</summary>
interface IAnswerSender
{
    /// <summary>Whether this is the sender's own thread, which calls <see cref="EngineLoop.Settle"/> as soon as it has nothing else to do.</summary>
    bool IsHere { get; }

    /// <summary>Takes the list over; returns before the answers are out, unless <see cref="IsHere"/>. Any thread may call it.</summary>
    void Send(List<Command> answered);
}
