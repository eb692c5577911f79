using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>How the service looks and what it is called.</summary>
/// <param name="Logo">A data: address of a PNG; null for the service's own.</param>
/// <param name="PrimaryColor">#rrggbb; null for the service's own.</param>
public sealed record BrandResource(string Name, string? Logo, string? PrimaryColor, string? AccentColor);

/// <summary>GET and PUT /v1/reseller/brand</summary>
/// <param name="DomainProof">What the TXT record _faktory of the domain must hold before the brand is shown there.</param>
public sealed record WhiteLabelResource(
    string Name, string? Logo, string? PrimaryColor, string? AccentColor, string? Domain, DateTimeOffset? DomainVerifiedAt, string DomainProof, string? SenderName, string? SenderAddress);

/// <summary>PUT /v1/reseller/brand: replaces all of it.</summary>
/// <param name="LogoPng">Base64 of a PNG of at most 64 kB; the one that is there stays when left out, and goes when empty.</param>
public sealed record PutBrandRequest(
    [property: Required(ErrorMessage = "Enter a name."), StringLength(60, MinimumLength = 1, ErrorMessage = "A name has 1 to 60 characters.")] string Name,
    [property: MaxLength(90_000, ErrorMessage = "A logo has at most 64 kB.")] string? LogoPng = null,
    [property: RegularExpression("^#[0-9a-fA-F]{6}$", ErrorMessage = "A colour is written #rrggbb.")] string? PrimaryColor = null,
    [property: RegularExpression("^#[0-9a-fA-F]{6}$", ErrorMessage = "A colour is written #rrggbb.")] string? AccentColor = null,
    [property: RegularExpression(@"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", ErrorMessage = "A domain is written like queues.example.com, in lower case.")] string? Domain = null,
    [property: RegularExpression("^[^<>\"\\r\\n]{1,60}$", ErrorMessage = "A sender's name has 1 to 60 characters, and no angle brackets or quotes.")] string? SenderName = null,
    [property: EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), RegularExpression("^[^<>\\s]{3,254}$", ErrorMessage = "This is not an e-mail address. Enter one like name@example.com.")] string? SenderAddress = null);

/// <summary>GET /v1/organization/reseller: through whom an organization came.</summary>
/// <param name="Mode">referral, wholesale or direct.</param>
/// <param name="Status">active or suspended.</param>
/// <param name="May">What the reseller may do, in sentences.</param>
/// <param name="MayNot">What it may not.</param>
/// <param name="TakeOverAskedBy">owner or reseller, where the other has not agreed yet.</param>
/// <param name="TakeOverOfferedSince">The reseller does not pay, or was suspended: since then the owner alone may take over, also while it pays nothing itself.</param>
/// <param name="StopsAt">When instances that the reseller pays for are stopped, unless it pays or they are taken over.</param>
public sealed record MyResellerResource(
    string Name, string Mode, string Status, BrandResource Brand, IReadOnlyList<string> May, IReadOnlyList<string> MayNot, int Instances, string? TakeOverAskedBy, DateTimeOffset? TakeOverOfferedSince, DateTimeOffset? StopsAt);

/// <summary>POST /v1/organization/take-over</summary>
/// <param name="DirectBilling">You pay the operator for what runs from now on: then it happens at once. Otherwise the reseller is asked to agree.</param>
public sealed record TakeOverRequest(bool DirectBilling = false);

/// <param name="State">done or asked.</param>
public sealed record TakeOverResponse(string State);

/// <summary>POST /v1/invitations/look</summary>
/// <param name="Token">From the link in the mail.</param>
public sealed record InvitationRequest([property: Required(ErrorMessage = "Take the token from the link in the mail.")] string Token);

/// <summary>What an invitation is to.</summary>
/// <param name="HasAccount">There is an account with this address: its password is asked for, not a new one.</param>
public sealed record InvitationResource(string Organization, string Email, string Role, bool HasAccount, BrandResource? Brand, DateTimeOffset ExpiresAt);

/// <summary>POST /v1/invitations/accept</summary>
/// <param name="Password">A new one of 10 to 128 characters, or that of the account that there is.</param>
public sealed record AcceptInvitationRequest(
    [property: Required(ErrorMessage = "Take the token from the link in the mail.")] string Token,
    [property: Required(ErrorMessage = "Choose a password."), StringLength(128, MinimumLength = 10, ErrorMessage = "A password has 10 to 128 characters. Choose a longer one, for example a few words.")] string Password);
