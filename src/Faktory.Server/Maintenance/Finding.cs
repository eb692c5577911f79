namespace Faktory.Server.Maintenance;

/// <summary>Something in a store that is not as it should be.</summary>
/// <param name="Where">A key, a queue, or a file.</param>
/// <param name="What">A sentence for the operator.</param>
sealed record Finding(string Where, string What);

/// <summary>Findings, of which only so many are kept in full: a store may have a million of the same kind.</summary>
sealed class Findings
{
    internal const int KeptMax = 100;

    readonly List<Finding> _kept = [];

    internal long Count { get; private set; }

    internal IReadOnlyList<Finding> Kept => _kept;

    internal void Add(string where, string what)
    {
        Count++;
        if (_kept.Count < KeptMax)
            _kept.Add(new Finding(where, what));
    }
}
