using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>GET /v1/operator/ledger/balances</summary>
static class GetBalances
{
    const int CountMax = 20_000;

    static readonly Problem TooMany = new("too_many_balances", 422, "There are more than 20,000 balances. Narrow them with ?account=, ?owner= or ?currency=, or take the export.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/ledger/balances", HandleAsync)
        .Describe("Operator", "get_balances", "See what stands on every account", "Of everything, or with ?before= of what was posted before an instant; narrowed with ?account=, ?owner= and ?currency=. Each currency sums to zero.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<BalancesResponse>(200)
        .Refuses(TooMany);

    static async Task<Answer<BalancesResponse>> HandleAsync(string? account, string? owner, string? currency, DateTimeOffset? before, ControlPlaneDb db, CancellationToken cancel)
    {
        var balances = (await db.ReadBalancesAsync(before?.ToUniversalTime(), cancel))
            .Where(b => (account is null || b.Code == account) && (owner is null || b.Owner == owner) && (currency is null || b.Currency == currency)).ToList();
        return balances.Count > CountMax ? TooMany : new BalancesResponse(before, [.. balances.Select(b => new BalanceResource(b.Code, b.Owner, b.Currency, b.Kind.ToText(), b.Minor))]);
    }
}
