using System.Buffers;
using System.Text;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Queues;

namespace Faktory.Server.Commands;

/// <summary>QUEUE PAUSE, RESUME or REMOVE of named queues or of all (<c>*</c>). Names that nobody pushed to are passed over.</summary>
sealed class QueueCommand(string verb, string[] names) : Command
{
    // subcommand 1*( SP ( name / "*" ) )
    internal static Command Read(ReadOnlySpan<byte> argument)
    {
        var words = Encoding.UTF8.GetString(argument).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return CommandReader.InternalError;
        var verb = words[0].ToUpperInvariant();
        var names = words[1..];
        if (verb is not ("PAUSE" or "RESUME" or "REMOVE" or "LATENCY"))
            return new Refusal(Reply.Error($"no such QUEUE subcommand: {verb}"));
        if (verb == "LATENCY")
            return names is ["*"] ? new Refusal(Reply.Error("QUEUE LATENCY does not support wildcards")) : new QueueLatency(names);
        return names.Length == 0 ? CommandReader.InternalError : new QueueCommand(verb, names);
    }

    internal override void Execute(JobEngine engine)
    {
        var queues = names.Contains("*") ? engine.Queues.Known.ToArray() : names.Select(engine.Queues.Find).OfType<JobQueue>().Distinct().ToArray();
        foreach (var queue in queues)
            Apply(engine, queue);
        engine.AnswerWhenSynced(this, Reply.Ok);
    }

    void Apply(JobEngine engine, JobQueue queue)
    {
        switch (verb)
        {
            case "PAUSE":
                queue.Pause(true);
                break;
            case "RESUME":
                queue.Pause(false);
                engine.Wake(queue);
                break;
            default:
                engine.Removals.RemoveQueue(queue);
                break;
        }
    }
}

/// <summary>QUEUE LATENCY name …: how long the oldest job of each has been waiting, in seconds.</summary>
sealed class QueueLatency(string[] names) : Command
{
    internal override void Execute(JobEngine engine)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        foreach (var name in names.Distinct())
            writer.WriteNumber(name, new TimeSpan(engine.Queues.Find(name)?.Latency(engine.Now) ?? 0).TotalSeconds);
        writer.WriteEndObject();
        writer.Flush();
        engine.Answer(this, Reply.Bulk(buffer.WrittenMemory));
    }
}
