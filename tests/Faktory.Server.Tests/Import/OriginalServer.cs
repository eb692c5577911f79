using System.Globalization;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Import;

/// <summary>Writes into Redis what an original Faktory would have written there.</summary>
static class OriginalServer
{
    internal static Task PushAsync(RedisServer redis, string jid, string queue = "default", string more = "", string prefix = "q:") =>
        redis.CallAsync("LPUSH", prefix + queue, Json(jid, queue, more));

    internal static Task AddAsync(RedisServer redis, string set, string jid, DateTimeOffset at, string more = "") =>
        redis.CallAsync("ZADD", set, Score(at), Json(jid, "default", more));

    internal static Task ReserveAsync(RedisServer redis, string jid, string queue, DateTimeOffset until) => redis.CallAsync(
        "ZADD", "working", Score(until), $$"""{"job":{{Json(jid, queue)}},"reserved_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:30:00Z","wid":"w1"}""");

    /// <summary>As the original stores it, in its order of members.</summary>
    internal static string Json(string jid, string queue, string more = "") =>
        $$"""{"retry":25,{{(more.Length > 0 ? more + "," : "")}}"jid":"{{jid}}","queue":"{{queue}}","jobtype":"Thing","created_at":"2026-01-01T00:00:00Z","enqueued_at":"2026-01-01T00:00:01Z","args":[1,"zwei",{"drei":3.0}]}""";

    static string Score(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Something of everything. The values are large or small, so that each encoding is met.</summary>
    /// <param name="redis">An empty one.</param>
    /// <param name="jobs">How many in each queue and set.</param>
    /// <param name="padding">How many bytes each job has in its custom member.</param>
    internal static async Task FillAsync(RedisServer redis, int jobs, int padding)
    {
        var more = padding == 0 ? "" : $"\"custom\":{{\"text\":\"{new string('x', padding)}\"}}";
        await redis.CallAsync("SADD", "queues", "default", "bulk", "empty");
        await redis.CallAsync("SADD", "paused", "bulk");
        for (var i = 0; i < jobs; i++)
        {
            await PushAsync(redis, Jid("default", i), more: more);
            await PushAsync(redis, Jid("bulk", i), "bulk", more);
            await AddAsync(redis, "scheduled", Jid("later", i), TestServer.StartedAt.AddDays(1).AddSeconds(i), more);
            await AddAsync(redis, "retries", Jid("again", i), TestServer.StartedAt.AddDays(2).AddSeconds(i), more);
            await AddAsync(redis, "dead", Jid("dead", i), TestServer.StartedAt.AddDays(90).AddSeconds(i), more);
        }
        await ReserveAsync(redis, Jid("works", 0), "default", TestServer.StartedAt);
        await ReserveAsync(redis, Jid("works", 1), "default", TestServer.StartedAt.AddSeconds(1));
        foreach (var (key, value) in ((string, string)[])[
            ("processed", "1234567"), ("failures", "89"), ("v", "2"), ("processed:2026-01-01", "70"), ("failures:2026-01-01", "7"), ("processed:2025-12-31", "5")])
            await redis.CallAsync("SET", key, value);
    }

    internal static string Jid(string kind, int i) => $"job-{kind}-{i:d6}";
}
