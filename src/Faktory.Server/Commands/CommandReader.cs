using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>Turns a line into a command. Verbs count only as they are written here, up to the first space.</summary>
static class CommandReader
{
    /// <summary>What the original answers to verbs whose argument is missing altogether.</summary>
    internal static Refusal InternalError => new(Reply.Error("internal error"));

    /// <param name="line">Without its line end.</param>
    /// <param name="session">Of the connection it came from.</param>
    /// <param name="traffic">What INFO tells of the connections.</param>
    /// <param name="limits">Of jobs.</param>
    /// <param name="now">100 ns since 1970.</param>
    /// <returns>Null for END.</returns>
    internal static Command? Read(ReadOnlySpan<byte> line, Session session, Traffic traffic, JobLimits limits, long now)
    {
        var space = line.IndexOf((byte)' ');
        var verb = space < 0 ? line : line[..space];
        var argument = space < 0 ? default : line[(space + 1)..];
        return verb switch
        {
            _ when verb.SequenceEqual("PUSH"u8) => argument.IsEmpty ? InternalError : Push.Read(argument, limits, now),
            _ when verb.SequenceEqual("FETCH"u8) => Fetch.Read(argument, session),
            _ when verb.SequenceEqual("ACK"u8) => argument.IsEmpty ? InternalError : Ack.Read(argument, session),
            _ when verb.SequenceEqual("FAIL"u8) => argument.IsEmpty ? InternalError : Fail.Read(argument, session),
            _ when verb.SequenceEqual("BEAT"u8) => argument.IsEmpty ? InternalError : Beat.Read(argument),
            _ when verb.SequenceEqual("PUSHB"u8) => argument.IsEmpty ? InternalError : PushMany.Read(argument, limits, now),
            _ when verb.SequenceEqual("REQUEUE"u8) => argument.IsEmpty ? InternalError : Requeue.Read(argument, session),
            _ when verb.SequenceEqual("CANCEL"u8) => argument.IsEmpty ? InternalError : Cancel.Read(argument),
            _ when verb.SequenceEqual("QUEUE"u8) => QueueCommand.Read(argument),
            _ when verb.SequenceEqual("MUTATE"u8) => argument.IsEmpty ? InternalError : Mutate.Read(argument),
            _ when verb.SequenceEqual("INFO"u8) => new Info(traffic),
            _ when verb.SequenceEqual("FLUSH"u8) => new Flush(),
            _ when verb.SequenceEqual("TRACK"u8) => Track.Read(argument),
            _ when verb.SequenceEqual("BATCH"u8) => BatchCommand.Read(argument, limits, now),
            _ when verb.SequenceEqual("END"u8) => null,
            _ => new Refusal(Reply.Error("unknown command ", verb)),
        };
    }
}
