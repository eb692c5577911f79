using System.Buffers;
using System.Text;
using System.Text.Json;
using Faktory.Server.Batches;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>BATCH OPEN, COMMIT or STATUS of a batch by its id.</summary>
sealed class BatchCommand(string verb, string bid) : Command
{
    // "NEW" SP json / ( "OPEN" / "COMMIT" / "STATUS" ) SP bid
    internal static Command Read(ReadOnlySpan<byte> argument, JobLimits limits, long now)
    {
        var verb = Subcommand.Read(argument, out var rest);
        if (verb is not ("NEW" or "OPEN" or "COMMIT" or "STATUS"))
            return new Refusal(Reply.Error($"no such BATCH subcommand: {verb}"));
        if (verb == "NEW")
            return NewBatch.Read(rest, limits, now);
        var bid = Encoding.UTF8.GetString(rest).Trim();
        return bid.Length == 0 ? new Refusal(Reply.Error($"BATCH {verb} needs the id of a batch")) : new BatchCommand(verb, bid);
    }

    internal static string NoSuchBatch(string bid) => $"no such batch {bid}";

    internal override void Execute(JobEngine engine)
    {
        if (engine.Batches.Find(bid) is not { } batch)
        {
            engine.Answer(this, Reply.Error(NoSuchBatch(bid)));
            return;
        }
        switch (verb)
        {
            case "STATUS":
                engine.Answer(this, Reply.Bulk(Describe(batch)));
                break;
            case "COMMIT":
                engine.Batches.Commit(batch);
                engine.AnswerWhenSynced(this, Reply.Ok);
                break;
            case var _ when engine.Features.Refuse(Feature.Batches) is { } refusal:
                engine.Answer(this, Reply.Error(refusal));
                break;
            default:
                engine.Batches.Open(batch);
                engine.AnswerWhenSynced(this, Reply.Bulk(Encoding.UTF8.GetBytes(bid)));
                break;
        }
    }

    static ReadOnlyMemory<byte> Describe(Batch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("bid", batch.Bid);
        if (batch.ParentBid is { } parent)
            writer.WriteString("parent_bid", parent);
        if (batch.Description is { } description)
            writer.WriteString("description", description);
        writer.WriteString("created_at", Rfc3339.Format(batch.CreatedAt));
        writer.WriteNumber("total", batch.Total);
        writer.WriteNumber("pending", batch.Pending);
        writer.WriteNumber("failed", batch.Failed);
        writer.WriteString("complete_st", StateOf(batch.Complete, batch.CompleteStage));
        writer.WriteString("success_st", StateOf(batch.Success, batch.SuccessStage));
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    static string StateOf(byte[]? callback, BatchStage stage) => callback is null || stage == BatchStage.Pending ? "" : stage == BatchStage.Enqueued ? "1" : "2";
}

/// <summary>BATCH NEW {"parent_bid", "description", "complete", "success"}: a bulk with the new batch's id.</summary>
sealed class NewBatch(BatchRequest request) : Command
{
    internal static Command Read(ReadOnlySpan<byte> json, JobLimits limits, long now)
    {
        try
        {
            JobText.CheckUtf8(json);
            return TryRead(json, limits, now, out var request) is { } refusal ? new Refusal(Reply.Error(refusal)) : new NewBatch(request);
        }
        catch (JsonException e)
        {
            return new Refusal(Reply.Error($"invalid JSON: {e.Message}"));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (Refuse(engine) is { } refusal)
        {
            engine.Answer(this, Reply.Error(refusal));
            return;
        }
        engine.AnswerWhenSynced(this, Reply.Bulk(Encoding.UTF8.GetBytes(engine.Batches.Create(request).Bid)));
    }

    string? Refuse(JobEngine engine)
    {
        if (engine.Features.Refuse(Feature.Batches) is { } refusal)
            return refusal;
        if (engine.IsDraining)
            return "this server is draining and takes no new batches";
        if (request.ParentBid is { } parent && engine.Batches.Find(parent) is null)
            return BatchCommand.NoSuchBatch(parent);
        return engine.Room.Refuse(engine.Limits);
    }

    static string? TryRead(ReadOnlySpan<byte> json, JobLimits limits, long now, out BatchRequest request)
    {
        request = new BatchRequest(null, null, null, null);
        var members = new JsonMembers(json, new JsonReaderOptions { MaxDepth = limits.JsonDepthMax + 1 });
        while (members.MoveNext())
        {
            switch (members.Name)
            {
                case "complete" or "success":
                    var start = (int)members.Value.TokenStartIndex;
                    members.Value.Skip();
                    var callback = json[start..(int)members.Value.BytesConsumed];
                    if (callback.SequenceEqual("null"u8))
                        break;
                    if (BatchCallback.Refuse(callback, limits, now) is { } refusal)
                        return $"the {members.Name} callback: {refusal}";
                    request = members.Name == "complete" ? request with { Complete = callback.ToArray() } : request with { Success = callback.ToArray() };
                    break;
                case "bid" when members.Text().Length > 0:
                    return "bid must not be set: the server chooses it";
                case "parent_bid" when members.Text() is { Length: > 0 } parent:
                    request = request with { ParentBid = parent };
                    break;
                case "description" when members.Text() is { Length: > 0 } description:
                    request = request with { Description = description };
                    break;
            }
        }
        return request is { Complete: null, Success: null } ? "a batch needs a success or a complete callback" : null;
    }
}
