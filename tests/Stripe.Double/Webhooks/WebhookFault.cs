namespace Stripe.Double.Webhooks;

/// <summary>What shall go wrong with the next deliveries of events.</summary>
public sealed record WebhookFault
{
    public required WebhookFaultKind Kind { get; init; }

    /// <summary>A type, or a pattern such as invoice.*.</summary>
    public string EventType { get; init; } = "*";

    /// <summary>How many deliveries it meets.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How often a duplicated event arrives in all.</summary>
    public int Copies { get; init; } = 2;

    /// <summary>How long a delayed event waits, in virtual time.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(10);
}

public enum WebhookFaultKind
{
    /// <summary>Arrives several times.</summary>
    Duplicate,

    /// <summary>Arrives after all others that are ready.</summary>
    Reorder,

    /// <summary>Arrives later.</summary>
    Delay,

    /// <summary>This attempt is lost on the way; the next is planned.</summary>
    Drop,

    /// <summary>Never arrives, and counts as failed.</summary>
    Lose,

    /// <summary>Signed with another secret.</summary>
    WrongSecret,

    /// <summary>Signed ten minutes ago.</summary>
    OldTimestamp,

    /// <summary>Without a version of the API.</summary>
    NullVersion,

    /// <summary>With a version of another release train.</summary>
    OtherTrain,

    /// <summary>The connection is given up before the answer: the receiver may have taken it, and it comes again.</summary>
    HangUp,
}
