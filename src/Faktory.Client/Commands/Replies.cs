using System.Text.Json;
using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>What replies become. Errors are dealt with before.</summary>
static class Replies
{
    internal static string Ok(Reply reply) =>
        reply is { Kind: ReplyKind.Text, Text: "OK" } ? "OK" : throw Unexpected(reply, "OK");

    internal static FaktoryJob? Job(Reply reply) => reply.Kind == ReplyKind.Null ? null : JobJson.Read(Json(reply));

    internal static FaktoryInfo Info(Reply reply) => FaktoryInfo.Read(Json(reply));

    internal static IReadOnlyDictionary<string, string> Refusals(Reply reply) =>
        Json(reply).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ToString(), StringComparer.Ordinal);

    internal static IReadOnlyDictionary<string, TimeSpan> Latencies(Reply reply) =>
        Json(reply).EnumerateObject().ToDictionary(entry => entry.Name, entry => TimeSpan.FromSeconds(entry.Value.GetDouble()), StringComparer.Ordinal);

    // +OK, or {"state":"quiet"}, {"state":"terminate"}, {"state":"","cancelled":["jid"]}
    internal static FaktoryOrders Orders(Reply reply)
    {
        if (reply.Kind == ReplyKind.Text)
            return new(FaktoryWorkerState.Running, []);
        var json = Json(reply);
        var state = json.TryGetProperty("state"u8, out var word) ? word.ToString() : "";
        IReadOnlyList<string> cancelled = json.TryGetProperty("cancelled"u8, out var jids) && jids.ValueKind == JsonValueKind.Array
            ? [.. jids.EnumerateArray().Select(jid => jid.ToString())]
            : [];
        return new(state switch
        {
            "quiet" => FaktoryWorkerState.Quiet,
            "terminate" => FaktoryWorkerState.Terminating,
            _ => FaktoryWorkerState.Running,
        }, cancelled);
    }

    static JsonElement Json(Reply reply)
    {
        if (reply.Kind != ReplyKind.Bulk)
            throw Unexpected(reply, "JSON");
        try
        {
            return JsonElement.Parse(reply.Bytes.Span);
        }
        catch (JsonException wrong)
        {
            throw new FaktoryProtocolException("the server sent JSON that is not readable", wrong);
        }
    }

    static FaktoryProtocolException Unexpected(Reply reply, string expected) =>
        new($"the server answered with {reply.Kind} where {expected} was due");
}
