using System.Security.Cryptography;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Actions;

/// <summary>What became of an action; shown on the page that follows it. One writer, any readers.</summary>
sealed class Outcome(Phrase said)
{
    long _lookedAt;
    long _done;
    volatile bool _isOver;

    /// <summary>Nobody else's page can be made to show it, as a text in the address could be.</summary>
    internal string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The sentence, whose number is <see cref="Done"/>.</summary>
    internal Phrase Said => said;

    /// <summary>How many jobs there were to look at when it began.</summary>
    internal long Total { get; init; }

    internal long LookedAt => Interlocked.Read(ref _lookedAt);

    internal long Done => Interlocked.Read(ref _done);

    /// <summary>How many of the selected jobs were not there any more.</summary>
    internal long Gone { get; init; }

    internal string? Failure { get; private set; }

    internal bool IsOver => _isOver;

    internal bool IsStopping { get; private set; }

    internal void Count(int lookedAt, int done)
    {
        Interlocked.Add(ref _lookedAt, lookedAt);
        Interlocked.Add(ref _done, done);
    }

    internal void Stop() => IsStopping = true;

    internal void End(string? failure = null)
    {
        Failure = failure;
        _isOver = true;
    }

    /// <summary>One that was over at once.</summary>
    internal static Outcome Of(Phrase said, long done, long gone = 0)
    {
        var outcome = new Outcome(said) { Gone = gone };
        outcome.Count(0, (int)done);
        outcome.End();
        return outcome;
    }
}
