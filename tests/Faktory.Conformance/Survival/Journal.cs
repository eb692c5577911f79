namespace Faktory.Conformance.Survival;

/// <summary>What became of each job, as those who pushed and worked it saw it: sets of jids, each under a word. Any thread may write.</summary>
sealed class Journal
{
    readonly Lock _gate = new();
    readonly Dictionary<string, HashSet<string>> _sets = new(StringComparer.Ordinal);
    readonly List<(string Word, Func<HashSet<string>, bool> IsWanted, TaskCompletionSource Reached)> _waits = [];

    internal void Write(string word, string jid)
    {
        lock (_gate)
        {
            Set(word).Add(jid);
            foreach (var (_, _, reached) in _waits.Where(wait => wait.Word == word && wait.IsWanted(Set(word))))
                reached.TrySetResult();
        }
    }

    /// <summary>A copy of what stands under the word.</summary>
    internal IReadOnlySet<string> Jids(string word)
    {
        lock (_gate)
            return Set(word).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Done once so many different jids stand under the word.</summary>
    internal Task ReachedAsync(string word, int count) => WaitAsync(word, set => set.Count >= count);

    /// <summary>Done once all of these stand under the word.</summary>
    internal Task ContainsAllAsync(string word, IReadOnlySet<string> jids) => WaitAsync(word, set => set.IsSupersetOf(jids));

    /// <summary>Copies lines of the form <c>word jid</c> until the end.</summary>
    internal async Task CopyAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
                Write(line[..space], line[(space + 1)..]);
        }
    }

    Task WaitAsync(string word, Func<HashSet<string>, bool> isWanted)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waits.Add((word, isWanted, reached));
            if (isWanted(Set(word)))
                reached.SetResult();
        }

        return reached.Task;
    }

    HashSet<string> Set(string word) => _sets.TryGetValue(word, out var set) ? set : _sets[word] = new(StringComparer.Ordinal);
}
