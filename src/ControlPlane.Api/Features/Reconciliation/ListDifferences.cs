using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Reconciliation;

/// <summary>GET /v1/operator/reconciliation</summary>
static class ListDifferences
{
    static readonly Problem StateInvalid = new("invalid_state", 400, "A difference's state is open or resolved.");
    static readonly Problem KindInvalid = new("invalid_kind", 400, "What is compared is subscription, invoice, balance_transaction, balance, transfer, connected_account or entitlement.");
    static readonly Problem ClassInvalid = new("invalid_class", 400, "A difference's class is missing_here, missing_there, amount or state.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/reconciliation", HandleAsync)
        .Describe("Operator", "list_differences", "List what the payment provider and this service say differently", "Newest first; narrowed with ?state=open, ?kind=invoice and ?class=amount. Compared each day.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<DifferenceResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, StateInvalid, KindInvalid, ClassInvalid);

    static async Task<Answer<Page<DifferenceResource>>> HandleAsync([AsParameters] PageRequest page, string? state, string? kind, string? @class, ControlPlaneDb db, CancellationToken cancel)
    {
        var differences = db.Differences.AsNoTracking();
        if (state is not (null or "open" or "resolved"))
            return StateInvalid;
        if (state is not null)
            differences = differences.Where(d => d.ResolvedAt == null == (state == "open"));
        if (kind is not null)
        {
            if (!LowercaseEnum<ComparedKind>.TryParse(kind, out var wanted))
                return KindInvalid;
            differences = differences.Where(d => d.Kind == wanted);
        }
        if (@class is not null)
        {
            if (!LowercaseEnum<DifferenceClass>.TryParse(@class, out var wanted))
                return ClassInvalid;
            differences = differences.Where(d => d.Class == wanted);
        }
        return (await differences.ReadPageAsync(d => d.Id, page, cancel)).Select(d => d.ToResource());
    }
}
