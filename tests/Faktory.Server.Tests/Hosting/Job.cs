using System.Text.Json;

namespace Faktory.Server.Tests.Hosting;

/// <summary>What is pushed and fetched, as JSON text.</summary>
static class Job
{
    internal static string Json(string jid, string queue = "default", string more = "") =>
        $$"""{"jid":"{{jid}}","jobtype":"Thing","args":[1],"queue":"{{queue}}"{{(more.Length > 0 ? "," + more : "")}}}""";

    internal static string? Jid(string? job) => job is null ? null : Member(job, "jid").GetString();

    internal static JsonElement Member(string json, string name) => JsonElement.Parse(json).GetProperty(name);

    internal static async Task PushAsync(this WireClient client, string jid, string queue = "default", string more = "") =>
        (await client.CallAsync($"PUSH {Json(jid, queue, more)}")).ShouldBe("+OK");

    /// <summary>The jid of what FETCH gives, null when it gives nothing.</summary>
    internal static async Task<string?> FetchJidAsync(this WireClient client, string queues = "default") => Jid(await client.CallAsync($"FETCH {queues}"));

    internal static async Task<JsonElement> InfoAsync(this WireClient client) => JsonElement.Parse((await client.CallAsync("INFO"))!);

    /// <summary>How many jobs INFO says are in a set.</summary>
    internal static async Task<int> CountAsync(this WireClient client, string set) =>
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("sets").GetProperty(set).GetInt32();

    /// <summary>How many jobs INFO says are in a queue; null when it does not know it.</summary>
    internal static async Task<int?> QueueSizeAsync(this WireClient client, string queue) =>
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("queues").TryGetProperty(queue, out var size) ? size.GetInt32() : null;
}
