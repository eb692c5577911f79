namespace ControlPlane.Core.Billing.Inbox;

/// <summary>An event as its provider's reader understood it, before it is stored.</summary>
/// <param name="Account">The connected account, or empty.</param>
/// <param name="Subject">What to read again; null where nothing here follows from it, or where it was not understood.</param>
/// <param name="NotUnderstood">Why nobody here can read it: it is parked.</param>
public sealed record IncomingEvent(
    string Provider, string Account, string EventId, string Type, string? ApiVersion, DateTimeOffset CreatedAt, string Payload, InboxSubject? Subject, string? NotUnderstood)
{
    internal InboxState State => NotUnderstood is not null ? InboxState.Parked : Subject is null ? InboxState.Ignored : InboxState.Pending;
}

/// <summary>What an event is about.</summary>
/// <param name="Customer">Of the provider, where the event names one.</param>
public sealed record InboxSubject(string ObjectType, string ObjectId, string? Customer = null)
{
    internal string LockKey => Customer ?? ObjectId;
}
