using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;

namespace ControlPlane.Api.Resellers;

/// <summary>The refusals of resellers' commands.</summary>
static class ResellerProblems
{
    internal static readonly Problem Suspended = new("reseller_suspended", 403, "Your account as a reseller is suspended: nothing new can be started. Ask the operator.");
    internal static readonly Problem ResourceNotFound = new("resource_not_found", 404, "There is no resource with this id.");
    internal static readonly Problem CustomerNotFound = new("reseller_customer_not_found", 404, "You manage no customer with this id.");
    internal static readonly Problem Gone = new("resource_gone", 410, "This resource was deprovisioned, or its customer has taken it over. Its id is not used again.");
    internal static readonly Problem Conflict = new("resource_conflict", 409, "This id came with something else before. Use a new id for something new.");
    internal static readonly Problem SandboxFull = new("sandbox_full", 409, "Your sandbox has 20 instances, which is all it allows. Deprovision one that is no longer needed.");
    internal static readonly Problem OwnPlan = new("plan_of_reseller", 409, "The reseller through whom this instance came pays for it, and decides its plan. Ask there, or take the organization over.");
    internal static readonly Problem NotReady = new("resource_not_ready", 409, "This resource has no address yet. Wait until its operation has succeeded.");
    internal static readonly Problem KeysFull = new("resource_keys_full", 409, "This resource has as many bindings as it can have passwords. Unbind one first.");
    internal static readonly Problem IdInvalid = new("invalid_resource_id", 400, "An id has 1 to 200 printable ASCII characters, and no slash.");
    internal static readonly Problem CommandIdInvalid = new("invalid_command_id", 400, "A command's id has 1 to 200 printable ASCII characters, and no slash.");

    /// <summary>What any command can be refused for.</summary>
    internal static readonly Problem[] OfCommands = [ResourceNotFound, Gone, Conflict, IdInvalid, CommandIdInvalid];

    /// <summary>What starting or growing can be refused for besides.</summary>
    internal static readonly Problem[] OfGrowth = [Suspended, SandboxFull, InstanceAdmission.PlanUnknown, InstanceAdmission.RegionUnknown, InstanceAdmission.QuotaReached, .. PlanPurchase.Refusals];
}
