using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Mails;

public enum MailState
{
    /// <summary>To be sent; without a mail server configured it stays so, and the operator reads it here.</summary>
    Waiting,

    Sent,

    /// <summary>The mail server does not take it, or could not be reached for <see cref="Mail.TriedFor"/>.</summary>
    Failed,
}

/// <summary>A mail to somebody, and how far it has come. Whoever writes one saves it with what it tells of; the Provisioner sends it.</summary>
public sealed class Mail
{
    /// <summary>From when it was written on.</summary>
    public static readonly TimeSpan TriedFor = TimeSpan.FromDays(3);

    static readonly TimeSpan[] pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
    ];

    public required MailId Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>An address, without a name.</summary>
    public required string To { get; init; }
    public required string Subject { get; init; }

    /// <summary>Plain text, paragraphs apart by an empty line. Where HTML is read, a link that is a paragraph of its own becomes a button.</summary>
    public required string Body { get; set; }

    /// <summary>What is written on that button.</summary>
    public string? Button { get; init; }

    /// <summary>The reseller under whose name, logo and colours it goes out; null for the service's own.</summary>
    public ResellerId? ResellerId { get; init; }

    /// <summary>As whose it is shown in a list of mails; the service's own name when null.</summary>
    public string? SenderName { get; init; }

    /// <summary>A reseller's own address, below a domain that it has proven to be its own; the service's when null.</summary>
    public string? From { get; init; }

    /// <summary>Where answers go; to the sender when null.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Null once it was sent or given up.</summary>
    public DateTimeOffset? NextTryAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public int Tries { get; set; }

    /// <summary>What the last try met.</summary>
    public string? Error { get; set; }

    public MailState State => SentAt is not null ? MailState.Sent : NextTryAt is null && Error is not null ? MailState.Failed : MailState.Waiting;

    /// <summary>Its text is forgotten: links in it open accounts, and only whom it is to should hold them.</summary>
    public void MarkSent(DateTimeOffset now) => (SentAt, Body, NextTryAt, Error, Tries) = (now, "", null, null, Tries + 1);

    /// <summary>It is tried again after a pause that grows, until <see cref="TriedFor"/> is over.</summary>
    public void MarkTried(DateTimeOffset now, string error)
    {
        (Error, Tries) = (error, Tries + 1);
        NextTryAt = now - At < TriedFor ? now + pauses[Math.Min(Tries, pauses.Length) - 1] : null;
    }

    /// <summary>For good, since another try would meet the same.</summary>
    public void MarkFailed(string error) => (Error, NextTryAt, Tries) = (error, null, Tries + 1);

    /// <returns>Whether there was something to send again: what was sent is not.</returns>
    public bool SendAgain(DateTimeOffset now)
    {
        if (State == MailState.Sent)
            return false;
        (NextTryAt, Error) = (now, null);
        return true;
    }
}
