using System.Buffers;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>
/// BEAT {"wid", "current_state", "rss_kb"}: the worker lives. The answer is the state it has to be in, when that is not running. One that sends
/// "cancels": true is told, once, which of its jobs were cancelled: {"state", "cancelled": [jid …]}.
/// </summary>
sealed class Beat(string wid, WorkerState state, long? rssKilobytes, bool wantsCancelled) : Command
{
    static readonly Reply Quiet = Reply.Bulk("""{"state":"quiet"}"""u8.ToArray());
    static readonly Reply Terminate = Reply.Bulk("""{"state":"terminate"}"""u8.ToArray());

    internal static Command Read(ReadOnlySpan<byte> argument)
    {
        try
        {
            return Parse(argument);
        }
        catch (JsonException)
        {
            return new Refusal(Reply.Error("invalid BEAT ", argument));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (engine.Workers.Find(wid) is not { } worker)
        {
            // With a capital, as it was before 1.10: the Go worker looks for these words to know that it has to stop.
            engine.Answer(this, Reply.Error($"Unknown worker {wid}"));
            return;
        }
        engine.Workers.Beat(worker, engine.SteadyNow);
        worker.Advance(state);
        worker.RssKilobytes = rssKilobytes ?? worker.RssKilobytes;
        if (wantsCancelled && worker.Cancelled.Count > 0)
            engine.Answer(this, Reply.Bulk(Describe(worker.State, worker.TakeCancelled())));
        else
            engine.Answer(this, worker.State switch
            {
                WorkerState.Quiet => Quiet,
                WorkerState.Terminate => Terminate,
                _ => Reply.Ok,
            });
    }

    static Beat Parse(ReadOnlySpan<byte> json)
    {
        var (wid, state, rss, cancels) = ("", WorkerState.Running, (long?)null, false);
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name == "wid")
                wid = members.Text();
            else if (members.Name == "current_state")
                state = StateOf(members.Text());
            else if (members.Name == "rss_kb" && members.Value.TokenType == JsonTokenType.Number && members.Value.TryGetInt64(out var kilobytes))
                rss = kilobytes;
            else if (members.Name == "cancels")
                cancels = members.Value.TokenType == JsonTokenType.True;
        }
        return new Beat(wid, state, rss, cancels);
    }

    static ReadOnlyMemory<byte> Describe(WorkerState state, List<string> cancelled)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("state", state switch { WorkerState.Quiet => "quiet", WorkerState.Terminate => "terminate", _ => "" });
        writer.WriteStartArray("cancelled");
        foreach (var jid in cancelled)
            writer.WriteStringValue(jid);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    static WorkerState StateOf(string word) => word switch
    {
        "quiet" => WorkerState.Quiet,
        "terminate" => WorkerState.Terminate,
        _ => WorkerState.Running,
    };
}
