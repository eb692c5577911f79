using System.Text.Json.Serialization;

namespace Faktory.Server.Admin;

/// <summary>All bodies of the admin port, in snake_case; written by the compiler, because reflection does not survive native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(StatsBody))]
[JsonSerializable(typeof(ConfigBody))]
[JsonSerializable(typeof(DrainBody))]
[JsonSerializable(typeof(BackupBody))]
[JsonSerializable(typeof(BackupBody[]))]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(RestoreBody[]))]
[JsonSerializable(typeof(RestoreRecord))]
[JsonSerializable(typeof(CommitBody))]
[JsonSerializable(typeof(RestoredBody))]
[JsonSerializable(typeof(BatchesBody))]
[JsonSerializable(typeof(ThrottlesBody))]
[JsonSerializable(typeof(LocksBody))]
[JsonSerializable(typeof(CronBody))]
sealed partial class AdminJson : JsonSerializerContext;
