using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>GET /v1/operator/fleet</summary>
public sealed record FleetResponse(
    int Organizations,
    int Instances,
    IReadOnlyDictionary<string, int> InstancesByState,
    int OperationsUnfinished,
    int AlertsOpen,
    IReadOnlyList<FleetInstance> Newest);

public sealed record FleetInstance(InstanceResource Instance, OrganizationResource Organization);

/// <summary>GET /v1/operator/mails: a mail to somebody, and how far it has come.</summary>
/// <param name="Body">Empty once it was sent.</param>
/// <param name="State">waiting, sent, or failed: given up, for the reason in Error.</param>
/// <param name="SenderName">A reseller's; null for the service's own.</param>
/// <param name="From">A reseller's address, below the domain that it has proven; null for the service's own.</param>
/// <param name="ReplyTo">A reseller's address that is not proven: answers go there.</param>
/// <param name="NextTryAt">Null once it was sent or given up.</param>
/// <param name="Error">What the last try met.</param>
public sealed record MailResource(
    string Id, DateTimeOffset At, string To, string Subject, string Body, string State, string? SenderName, string? From, string? ReplyTo, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset? SentAt, string? Error);

/// <summary>POST /v1/operator/claim: turns the one-time link that the first run printed into the operator's account. Needs no authentication. Where there is an account with this e-mail address, its password makes it the operator's.</summary>
/// <param name="Token">What the link carries; good once.</param>
public sealed record ClaimOperatorRequest(
    [property: Required(ErrorMessage = "Take the token from the one-time link.")] string Token,
    [property: Required(ErrorMessage = "Enter an e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string Email,
    [property: Required(ErrorMessage = "Choose a password."), StringLength(128, MinimumLength = 10, ErrorMessage = "A password has 10 to 128 characters. Choose a longer one, for example a few words.")] string Password);
