using System.Text.Json.Serialization;
using Faktory.Server.Maintenance;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary>What <c>--json</c> prints, in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupResult))]
[JsonSerializable(typeof(RestoreResult))]
[JsonSerializable(typeof(PurgeResult))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(RepairResult))]
[JsonSerializable(typeof(ImportResult))]
sealed partial class CliJson : JsonSerializerContext;

sealed record BackupResult(string Path, string Id, long Bytes, int Files, JobCounts Counts);

sealed record RestoreResult(string Data, JobCounts Counts, string? Previous);

sealed record PurgeResult(int Kept, IReadOnlyList<string> Removed);

/// <param name="IsSound">Nothing was found.</param>
/// <param name="Records">How many records were read.</param>
/// <param name="Counts">The jobs among them.</param>
/// <param name="FindingsCount">How much was found; not all of it may be in <paramref name="Findings"/>.</param>
/// <param name="Findings">The first of what was found.</param>
sealed record VerifyResult(bool IsSound, long Records, JobCounts Counts, long FindingsCount, IReadOnlyList<Finding> Findings);

/// <param name="Data">The new data folder.</param>
/// <param name="Saved">The jobs in it.</param>
/// <param name="Expected">The jobs that should be in it, when that is known.</param>
/// <param name="LostCount">How many losses there are.</param>
/// <param name="Lost">The first of them.</param>
sealed record RepairResult(string Data, JobCounts Saved, JobCounts? Expected, long LostCount, IReadOnlyList<Finding> Lost);

/// <param name="Data">The data folder.</param>
/// <param name="Counts">The jobs that were brought over.</param>
/// <param name="Requeued">How many of the queued ones were at work.</param>
/// <param name="Queues">How many queues there are.</param>
/// <param name="Paused">How many of these are paused.</param>
/// <param name="Processed">The counter.</param>
/// <param name="Failures">The counter.</param>
/// <param name="Days">Of how many days the history was brought over.</param>
/// <param name="Ignored">Keys that Faktory does not have.</param>
/// <param name="Previous">Where the jobs are that were there before; null when there were none.</param>
/// <param name="Seconds">How long it took.</param>
sealed record ImportResult(
    string Data, JobCounts Counts, long Requeued, int Queues, int Paused, long Processed, long Failures, int Days, IReadOnlyList<string> Ignored,
    string? Previous, double Seconds);
