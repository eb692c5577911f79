using System.Globalization;

namespace Faktory.Server.Import;

enum FaktoryKey
{
    Foreign,
    Queue,
    QueueNames,
    PausedNames,
    Scheduled,
    Retries,
    Dead,
    Working,
    Processed,
    Failures,
    ProcessedOfDay,
    FailuresOfDay,
    SchemaVersion,
}

/// <summary>Which key of the original's Redis is what.</summary>
static class FaktoryKeys
{
    internal const string QueuePrefix = "q:";
    const string ProcessedPrefix = "processed:";
    const string FailuresPrefix = "failures:";

    /// <param name="value">A value under the key.</param>
    /// <param name="queues">Names of queues: before version 1.10 their lists had no prefix.</param>
    /// <param name="name">What follows the prefix: a queue or a day.</param>
    internal static FaktoryKey Find(in RdbValue value, IReadOnlySet<string> queues, out string name)
    {
        var key = name = value.Key;
        if (value.Database != 0)
            return FaktoryKey.Foreign;
        if (value.Kind == RdbKind.ListItem)
        {
            var isPrefixed = key.StartsWith(QueuePrefix, StringComparison.Ordinal);
            name = isPrefixed ? key[QueuePrefix.Length..] : key;
            return isPrefixed || queues.Contains(key) ? FaktoryKey.Queue : FaktoryKey.Foreign;
        }
        var found = (key, value.Kind) switch
        {
            ("queues", RdbKind.SetMember) => FaktoryKey.QueueNames,
            ("paused", RdbKind.SetMember) => FaktoryKey.PausedNames,
            ("scheduled", RdbKind.SortedSetMember) => FaktoryKey.Scheduled,
            ("retries", RdbKind.SortedSetMember) => FaktoryKey.Retries,
            ("dead", RdbKind.SortedSetMember) => FaktoryKey.Dead,
            ("working", RdbKind.SortedSetMember) => FaktoryKey.Working,
            ("processed", RdbKind.String) => FaktoryKey.Processed,
            ("failures", RdbKind.String) => FaktoryKey.Failures,
            ("v", RdbKind.String) => FaktoryKey.SchemaVersion,
            _ => FaktoryKey.Foreign,
        };
        if (found != FaktoryKey.Foreign || value.Kind != RdbKind.String)
            return found;
        foreach (var (prefix, ofDay) in ((string, FaktoryKey)[])[(ProcessedPrefix, FaktoryKey.ProcessedOfDay), (FailuresPrefix, FaktoryKey.FailuresOfDay)])
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || !DateOnly.TryParseExact(key[prefix.Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                continue;
            name = key[prefix.Length..];
            return ofDay;
        }
        return FaktoryKey.Foreign;
    }
}
