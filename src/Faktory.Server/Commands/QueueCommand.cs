using System.Buffers;
using System.Text;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Queues;

namespace Faktory.Server.Commands;

/// <summary>
/// QUEUE PAUSE, RESUME or REMOVE of named queues or of all (<c>*</c>). Names that nobody pushed to are passed over. Behind the names of PAUSE may stand
/// {"reason", "until"}: why, for people, and when it ends by itself.
/// </summary>
sealed class QueueCommand(string verb, string[] names, QueuePause? pause) : Command
{
    // subcommand 1*( SP ( name / "*" ) ) [ SP json ]
    internal static Command Read(ReadOnlySpan<byte> argument)
    {
        // No name has a brace.
        var brace = argument.IndexOf((byte)'{');
        var details = brace < 0 ? "{}"u8 : argument[brace..];
        argument = brace < 0 ? argument : argument[..brace];
        var words = Encoding.UTF8.GetString(argument).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return CommandReader.InternalError;
        var verb = words[0].ToUpperInvariant();
        var names = words[1..];
        if (verb is not ("PAUSE" or "RESUME" or "REMOVE" or "LATENCY"))
            return new Refusal(Reply.Error($"no such QUEUE subcommand: {verb}"));
        if (verb == "LATENCY")
            return names is ["*"] ? new Refusal(Reply.Error("QUEUE LATENCY does not support wildcards")) : new QueueLatency(names);
        if (names.Length == 0)
            return CommandReader.InternalError;
        if (verb != "PAUSE")
            return brace < 0 ? new QueueCommand(verb, names, null) : new Refusal(Reply.Error($"QUEUE {verb} takes names only"));
        try
        {
            return TryReadPause(details, out var pause) is { } refusal ? new Refusal(Reply.Error(refusal)) : new QueueCommand(verb, names, pause);
        }
        catch (JsonException e)
        {
            return new Refusal(Reply.Error($"invalid JSON: {e.Message}"));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (pause?.Until <= engine.Now)
        {
            engine.Answer(this, Reply.Error("until is over already: a pause ends in the future"));
            return;
        }
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
                engine.Queues.Pause(queue, pause);
                break;
            case "RESUME":
                engine.Queues.Pause(queue, null);
                engine.Wake(queue);
                break;
            default:
                engine.Removals.RemoveQueue(queue);
                break;
        }
    }

    static string? TryReadPause(ReadOnlySpan<byte> json, out QueuePause pause)
    {
        pause = new QueuePause();
        JobText.CheckUtf8(json);
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name == "reason")
                pause = pause with { Reason = members.Text() };
            else if (members.Name != "until" || JobText.Bytes(ref members.Value, "until") is not { Length: > 0 } text)
                continue;
            else if (Rfc3339.TryParse(text, out var until))
                pause = pause with { Until = until };
            else
                return $"invalid timestamp for 'until': {Rfc3339.Describe(text)}";
        }
        return pause.Reason.Length > QueuePause.ReasonCharactersMax ? $"reason must have at most {QueuePause.ReasonCharactersMax} characters" : null;
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
