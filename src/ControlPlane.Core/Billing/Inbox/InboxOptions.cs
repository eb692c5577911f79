namespace ControlPlane.Core.Billing.Inbox;

/// <summary>Section <c>Billing:Inbox</c>.</summary>
public sealed class InboxOptions
{
    /// <summary>How many objects are read again at the same time.</summary>
    public int ConcurrencyMax { get; set; } = 4;

    /// <summary>How often an event is tried before a person has to look at it: with the waits between, about six hours.</summary>
    public int AttemptsMax { get; set; } = 16;
    public TimeSpan FirstRetryAfter { get; set; } = TimeSpan.FromSeconds(2);
    public TimeSpan RetryAfterMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>New events are told of by the database; a telling that is lost costs so long.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the operator's alerts are brought up to date.</summary>
    public TimeSpan AlertEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Events that nobody needs to look at any more are removed when they are this old: they hold names and addresses of customers.</summary>
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Doubles with each try, half of it by chance, so that what failed together does not come back together.</summary>
    internal TimeSpan RetryAfter(int attempts, Random random)
    {
        var wait = Math.Min(FirstRetryAfter.TotalSeconds * Math.Pow(2, Math.Min(attempts, 30)), RetryAfterMax.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (0.5 + random.NextDouble() / 2));
    }
}
