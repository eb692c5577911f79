using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>GET /v1/reseller: the reseller that the caller speaks for.</summary>
/// <param name="Party">Its party in the ledger: reseller:….</param>
/// <param name="Mode">referral, wholesale or direct.</param>
/// <param name="Status">active or suspended.</param>
/// <param name="SuspendedReason">What the operator says; null while it is active.</param>
/// <param name="IsSandbox">The key that asks is one of the sandbox.</param>
public sealed record ResellerResource(
    string Id, string Name, string Party, string Mode, string Status, string? SuspendedReason, bool IsSandbox, int Customers, int Instances, IReadOnlyList<IntegrationResource> Integrations, DateTimeOffset CreatedAt);

/// <summary>One way by which a reseller plugs in.</summary>
/// <param name="Dialect">native, heroku, digital_ocean, clever_cloud, addons_io, open_service_broker, vercel or fly.</param>
/// <param name="Key">What a caller names itself by in it.</param>
public sealed record IntegrationResource(string Id, string Dialect, string Name, string Key, bool IsSandbox, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt);

/// <summary>POST /v1/reseller/customers</summary>
/// <param name="ExternalId">What you call the customer, 1 to 200 characters; the same one again gives the same customer.</param>
/// <param name="OwnerEmail">Whom the customer's organization belongs to: gets an invitation to a login of its own.</param>
public sealed record CreateManagedCustomerRequest(
    [property: Required(ErrorMessage = "Say what you call the customer."), StringLength(200, MinimumLength = 1, ErrorMessage = "An id of yours has 1 to 200 characters.")] string ExternalId,
    [property: Required(ErrorMessage = "Name the customer."), StringLength(80, MinimumLength = 1, ErrorMessage = "The name of an organization has 1 to 80 characters.")] string Name,
    [property: Required(ErrorMessage = "Enter the owner's e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string OwnerEmail);

/// <summary>An organization that the reseller manages.</summary>
/// <param name="OwnerJoined">Somebody has accepted the invitation and owns it.</param>
/// <param name="TakeOverAskedBy">owner or reseller, where one of both asked for a take-over and the other has not agreed yet.</param>
public sealed record ManagedCustomerResource(
    string Id, string ExternalId, string Name, string? OwnerEmail, bool OwnerJoined, int Instances, string? TakeOverAskedBy, DateTimeOffset CreatedAt);

/// <summary>POST /v1/reseller/instances</summary>
/// <param name="Id">Your id of the instance, 1 to 200 printable ASCII characters without a slash, never used again: the same request with it again gives the same instance, another one is refused.</param>
/// <param name="Customer">The customer's id, org_….</param>
/// <param name="Plan">A plan's key.</param>
/// <param name="Name">What your customer reads; made from the id when left out.</param>
/// <param name="Region">A region's key; the service's default when left out.</param>
public sealed record CreateManagedInstanceRequest(
    [property: Required(ErrorMessage = "Choose an id for the instance."), StringLength(200, MinimumLength = 1, ErrorMessage = "An id of yours has 1 to 200 characters.")] string Id,
    [property: Required(ErrorMessage = "Name the customer.")] string Customer,
    [property: Required(ErrorMessage = "Name the plan. GET /v1/plans lists them.")] string Plan,
    [property: RegularExpression("^[a-z][a-z0-9-]{1,38}$", ErrorMessage = "A name has 2 to 39 lower-case letters, digits and hyphens, and begins with a letter.")] string? Name = null,
    string? Region = null);

/// <summary>An instance that the reseller asked for.</summary>
/// <param name="Id">res_…, of every dialect. Calls take it, or your own id of the instance.</param>
/// <param name="ExternalId">Your own id.</param>
/// <param name="Integration">Through which it was asked for.</param>
/// <param name="State">As customers read it: provisioning, running, restarting, suspending, suspended, resuming, deleting, deleted or failed.</param>
/// <param name="SuspendedBy">Any of owner, debt, reseller and reseller_debt: whoever holds it.</param>
/// <param name="Operation">The last one that you asked for.</param>
public sealed record ManagedInstanceResource(
    string Id, string ExternalId, string Integration, bool IsSandbox, string Customer, string CustomerName, string Instance, string Name, string Plan, string Region, string State, string Health,
    IReadOnlyList<string> SuspendedBy, EndpointResource? Endpoint, OperationResource? Operation, DateTimeOffset CreatedAt);

/// <summary>POST /v1/reseller/instances/{id}/change-plan</summary>
public sealed record ChangeManagedPlanRequest([property: Required(ErrorMessage = "Name the plan. GET /v1/plans lists them.")] string Plan);

/// <summary>POST /v1/reseller/instances/{id}/sign-on</summary>
/// <param name="UserId">Your id of the person, 1 to 200 characters: the same one comes back as the same user.</param>
/// <param name="Name">What the customer's audit log calls the person.</param>
/// <param name="Role">viewer, billing, developer or admin; admin when left out. Owners sign in by themselves.</param>
public sealed record SignOnRequest(
    [property: Required(ErrorMessage = "Say who it is."), StringLength(200, MinimumLength = 1, ErrorMessage = "An id of yours has 1 to 200 characters.")] string UserId,
    [property: Required(ErrorMessage = "Name the person."), StringLength(254, MinimumLength = 1, ErrorMessage = "A name has 1 to 254 characters.")] string Name,
    [property: RegularExpression("^(viewer|billing|developer|admin)$", ErrorMessage = "A role is viewer, billing, developer or admin.")] string? Role = null);

/// <param name="Url">Where to send the person's browser, within two minutes and once.</param>
public sealed record SignOnResponse(string Url, DateTimeOffset ExpiresAt);

/// <summary>What an instance did in a period.</summary>
public sealed record ManagedUsageResource(DateTimeOffset PeriodStart, DateTimeOffset ReadAt, long Jobs, long StorageBytes, int Connections);

/// <summary>GET /v1/reseller/instances/{id}/usage: the newest period first.</summary>
public sealed record ManagedUsageResponse(IReadOnlyList<ManagedUsageResource> Periods);

/// <summary>POST /v1/reseller/keys</summary>
/// <param name="Scopes">Any of reseller:read, reseller:write, credentials and billing:read; reseller:read alone when left out.</param>
/// <param name="IsSandbox">It works in the sandbox, and nowhere else.</param>
/// <param name="ExpiresInDays">1 to 3650; 365 when left out.</param>
public sealed record CreateResellerKeyRequest(
    [property: Required(ErrorMessage = "Name the key."), StringLength(80, MinimumLength = 1, ErrorMessage = "The name of a key has 1 to 80 characters.")] string Name,
    IReadOnlyList<string>? Scopes = null,
    bool IsSandbox = false,
    [property: Range(1, 3650, ErrorMessage = "A key lives 1 to 3650 days.")] int? ExpiresInDays = null);

/// <summary>GET and POST /v1/reseller/sandbox/clock</summary>
/// <param name="Now">What time it is in the sandbox.</param>
/// <param name="AheadSeconds">How far that is ahead.</param>
public sealed record SandboxClockResource(DateTimeOffset Now, long AheadSeconds);

/// <summary>POST /v1/reseller/sandbox/clock</summary>
/// <param name="Seconds">Forward only: 1 to 31622400, which is 366 days.</param>
public sealed record AdvanceSandboxRequest([property: Range(1, 31_622_400, ErrorMessage = "The sandbox's clock goes forward by 1 to 31622400 seconds.")] long Seconds);
