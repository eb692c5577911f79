using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faktory.Server.Config;

/// <summary>The instance file: how the operator of many servers configures one. See docs/admin-port.md.</summary>
/// <param name="AdminToken">The bearer token of the admin port.</param>
/// <param name="Generation">Grows with each change; an older one is refused.</param>
/// <param name="Passwords">The first one is the current one; none means that everybody may connect.</param>
/// <param name="Limits">What is not named keeps its default.</param>
/// <param name="Features">Switches of features by name.</param>
/// <param name="Throttles">By queue.</param>
/// <param name="JobtypeThrottles">By type of job.</param>
/// <param name="Cron">What is enqueued by the clock.</param>
/// <param name="Weights">By queue: see <see cref="Queues.QueueWeights"/>.</param>
/// <param name="Web">What people may do in the web UI.</param>
/// <param name="Brand">Under whose name the web UI is shown.</param>
sealed record InstanceConfig(
    string? AdminToken,
    long Generation,
    IReadOnlyList<InstancePassword>? Passwords,
    LimitSettings? Limits,
    IReadOnlyDictionary<string, JsonElement>? Features,
    IReadOnlyDictionary<string, ThrottleSettings>? Throttles = null,
    IReadOnlyDictionary<string, ThrottleSettings>? JobtypeThrottles = null,
    IReadOnlyList<CronSettings>? Cron = null,
    IReadOnlyDictionary<string, int>? Weights = null,
    InstanceWeb? Web = null,
    BrandSettings? Brand = null);

/// <summary>A password; without an end it is good for ever. The value is never shown again.</summary>
sealed record InstancePassword(string? Value, DateTimeOffset? ExpiresAt);

/// <summary>What people may do in the web UI.</summary>
/// <param name="Enqueue">Push jobs; null leaves it as the files of <c>conf.d</c> have it.</param>
sealed record InstanceWeb(bool? Enqueue);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(InstanceConfig))]
[JsonSerializable(typeof(LimitSettings))]
sealed partial class InstanceJson : JsonSerializerContext;
