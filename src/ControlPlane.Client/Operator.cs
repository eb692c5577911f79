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

/// <summary>A mail that was written to the captured mailbox instead of being sent.</summary>
public sealed record MailResource(string Id, DateTimeOffset At, string To, string Subject, string Body);

/// <summary>POST /v1/operator/claim: turns the one-time link that the first run printed into the operator's account. Needs no authentication. Where there is an account with this e-mail address, its password makes it the operator's.</summary>
/// <param name="Token">What the link carries; good once.</param>
public sealed record ClaimOperatorRequest(
    [property: Required(ErrorMessage = "Take the token from the one-time link.")] string Token,
    [property: Required(ErrorMessage = "Enter an e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string Email,
    [property: Required(ErrorMessage = "Choose a password."), StringLength(128, MinimumLength = 10, ErrorMessage = "A password has 10 to 128 characters. Choose a longer one, for example a few words.")] string Password);
