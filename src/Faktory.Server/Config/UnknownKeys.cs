namespace Faktory.Server.Config;

/// <summary>Warnings about keys that nobody reads: a setting that is misspelt must not look as if it were in force.</summary>
static class UnknownKeys
{
    // Two letters wrong, left out, too many or exchanged.
    const int DistanceMax = 2;

    /// <param name="where">The table, in its brackets, or empty at the top.</param>
    /// <param name="unknown">Keys that stand there and are not read.</param>
    /// <param name="known">Keys that could stand there.</param>
    internal static IEnumerable<string> Describe(string where, Dictionary<string, object?>? unknown, string[] known) => (unknown?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()).Select(key =>
    {
        var nearest = known.Select(k => (Key: k, Distance: Distance(key, k))).Where(k => k.Distance <= DistanceMax).OrderBy(k => k.Distance).Select(k => k.Key).FirstOrDefault();
        var place = where.Length > 0 ? $"{key} in [{where}]" : $"[{key}]";
        return $"{place} is not known and has no effect; {(nearest is null ? $"known are {string.Join(", ", known)}" : $"did you mean {nearest}?")}";
    });

    // Levenshtein, with the exchange of two neighbours as one step.
    static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }
                var changed = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(changed, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
