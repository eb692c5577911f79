using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Mails;

/// <summary>A mail to somebody. Without a mail server configured this table is the mailbox, and the operator reads it there.</summary>
public sealed class Mail
{
    public required MailId Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string To { get; init; }
    public required string Subject { get; init; }
    public required string Body { get; init; }

    /// <summary>Under whose name it goes out, where that is a reseller's: <c>Acme Jobs &lt;jobs@acme.example&gt;</c>. The service's own when null.</summary>
    public string? From { get; init; }
}
