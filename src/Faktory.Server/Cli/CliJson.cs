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
