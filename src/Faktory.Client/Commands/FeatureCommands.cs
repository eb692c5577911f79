using System.Globalization;
using System.Text.Json;
using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>The commands BATCH and TRACK. Nothing here talks to a server.</summary>
public static class FeatureCommands
{
    /// <summary>Makes a batch; the reply is its id.</summary>
    /// <exception cref="ArgumentException">It has no callback.</exception>
    public static FaktoryCommand<string> NewBatch(FaktoryBatch batch) =>
        batch is { Complete: null, Success: null }
            ? throw new ArgumentException("a batch needs a complete or a success callback", nameof(batch))
            : new("BATCH", CommandLine.Json("BATCH NEW", json =>
            {
                json.WriteStartObject();
                if (batch.ParentBid is { } parent)
                    json.WriteString("parent_bid"u8, parent);
                if (batch.Description is { } description)
                    json.WriteString("description"u8, description);
                Write(json, "complete", batch.Complete);
                Write(json, "success", batch.Success);
                json.WriteEndObject();
            }), ReadText, isRepeatable: false);

    /// <summary>Lets more jobs join a batch that was committed.</summary>
    public static FaktoryCommand<string> OpenBatch(string bid) => new("BATCH", CommandLine.Words(["BATCH", "OPEN", bid]), ReadText, isRepeatable: true);

    /// <summary>All jobs have been pushed.</summary>
    public static FaktoryCommand<string> CommitBatch(string bid) => new("BATCH", CommandLine.Words(["BATCH", "COMMIT", bid]), Replies.Ok, isRepeatable: true);

    /// <summary>How far a batch is.</summary>
    public static FaktoryCommand<FaktoryBatchStatus> BatchStatus(string bid) => new("BATCH", CommandLine.Words(["BATCH", "STATUS", bid]), ReadStatus, isRepeatable: true);

    /// <summary>Where a tracked job is.</summary>
    public static FaktoryCommand<FaktoryProgress> Track(string jid) => new("TRACK", CommandLine.Words(["TRACK", "GET", jid]), ReadProgress, isRepeatable: true);

    /// <summary>A worker tells how far it is. What is null stays as it was.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="percent">0 to 100.</param>
    /// <param name="description">At most 1000 characters.</param>
    /// <param name="reserveUntil">Until when the worker needs the job, at most a day ahead; only ever extends.</param>
    public static FaktoryCommand<string> Report(string jid, int? percent = null, string? description = null, DateTimeOffset? reserveUntil = null) =>
        new("TRACK", CommandLine.Json("TRACK SET", json =>
        {
            json.WriteStartObject();
            json.WriteString("jid"u8, jid);
            if (percent is { } number)
                json.WriteNumber("percent"u8, number);
            if (description is not null)
                json.WriteString("desc"u8, description);
            if (reserveUntil is { } until)
                json.WriteString("reserve_until"u8, until.ToUniversalTime());
            json.WriteEndObject();
        }), Replies.Ok, isRepeatable: true);

    static void Write(Utf8JsonWriter json, string name, FaktoryJob? callback)
    {
        if (callback is null)
            return;
        json.WritePropertyName(name);
        JobJson.Write(json, callback);
    }

    static string ReadText(Reply reply) => reply.Kind == ReplyKind.Bulk ? reply.Text : throw new FaktoryProtocolException($"expected the id of a batch, got {reply.Kind}");

    static FaktoryBatchStatus ReadStatus(Reply reply)
    {
        var json = JsonElement.Parse(reply.Bytes.Span);
        return new FaktoryBatchStatus(
            json.GetProperty("bid"u8).GetString()!, TextOf(json, "parent_bid"), TextOf(json, "description"), json.GetProperty("created_at"u8).GetDateTimeOffset(),
            json.GetProperty("total"u8).GetInt64(), json.GetProperty("pending"u8).GetInt64(), json.GetProperty("failed"u8).GetInt64(),
            StateOf(TextOf(json, "complete_st")), StateOf(TextOf(json, "success_st")));
    }

    static FaktoryCallbackState StateOf(string? state) => state switch
    {
        "1" => FaktoryCallbackState.Enqueued,
        "2" => FaktoryCallbackState.Done,
        _ => FaktoryCallbackState.Pending,
    };

    static FaktoryProgress ReadProgress(Reply reply)
    {
        var json = JsonElement.Parse(reply.Bytes.Span);
        return new FaktoryProgress(
            json.GetProperty("jid"u8).GetString()!,
            Enum.TryParse<FaktoryJobState>(TextOf(json, "state"), ignoreCase: true, out var state) ? state : FaktoryJobState.Unknown,
            json.TryGetProperty("percent"u8, out var percent) ? percent.GetInt32() : null,
            TextOf(json, "desc"),
            TextOf(json, "updated_at") is { Length: > 0 } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null);
    }

    static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
