namespace Faktory.Server.Cli.Repl;

/// <summary>What can stand at the end of a line: verbs first, then what the verb takes.</summary>
static class Completion
{
    static readonly string[] Verbs =
        ["ACK", "BATCH", "BEAT", "CANCEL", "END", "FAIL", "FETCH", "FLUSH", "INFO", "MUTATE", "PUSH", "PUSHB", "QUEUE", "REQUEUE", "TRACK"];

    static readonly string[] QueueVerbs = ["LATENCY", "PAUSE", "REMOVE", "RESUME"];

    /// <summary>The words that the last word of the line may become, in order; verbs are found in any case.</summary>
    internal static IReadOnlyList<string> Of(string line, IEnumerable<string> queues)
    {
        var words = line.Split(' ');
        var last = words[^1];
        return words switch
        {
            [_] => Matching(Verbs, last, StringComparison.OrdinalIgnoreCase),
            ["QUEUE", _] => Matching(QueueVerbs, last, StringComparison.OrdinalIgnoreCase),
            ["FETCH", ..] or ["QUEUE", ..] => Matching(queues, last, StringComparison.Ordinal),
            _ => [],
        };
    }

    /// <summary>The line with its last word replaced by the longest beginning that all candidates share.</summary>
    internal static string Apply(string line, IReadOnlyList<string> candidates)
    {
        if (candidates.Count == 0)
            return line;
        var shared = candidates[0];
        foreach (var candidate in candidates)
            shared = shared[..shared.AsSpan().CommonPrefixLength(candidate)];
        return line[..(line.LastIndexOf(' ') + 1)] + shared + (candidates.Count == 1 ? " " : "");
    }

    static string[] Matching(IEnumerable<string> words, string start, StringComparison comparison) =>
        [.. words.Where(w => w.StartsWith(start, comparison)).Order(StringComparer.Ordinal)];
}
