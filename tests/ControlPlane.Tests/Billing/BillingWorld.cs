using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Billing;

/// <summary>The real Api on a clock that the test moves, with an operator and a customer.</summary>
sealed class BillingWorld : IAsyncDisposable
{
    internal static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    BillingWorld(ApiServer server, FakeTimeProvider clock, Customer @operator, Customer customer) => (Server, Clock, Operator, Customer) = (server, clock, @operator, customer);

    internal ApiServer Server { get; }
    internal FakeTimeProvider Clock { get; }
    internal Customer Operator { get; }
    internal Customer Customer { get; }

    internal static Task<BillingWorld> StartAsync(PostgresFixture postgres, params string[] settings) => StartAsync(postgres, new FakeTimeProvider(Start), settings);

    internal static async Task<BillingWorld> StartAsync(PostgresFixture postgres, FakeTimeProvider clock, params string[] settings)
    {
        var server = await ApiServer.StartAsync(postgres, clock, settings);
        return new BillingWorld(server, clock, await server.AddOperatorAsync(), await server.SignUpAsync("ada@example.com"));
    }

    /// <summary>Days pass, and on each, or at each of the steps given, what is on a clock runs; in production each minute.</summary>
    internal async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var rounds = Server.Services.GetRequiredService<BillingRounds>();
        var end = Clock.GetUtcNow() + time;
        while (Clock.GetUtcNow() < end)
        {
            var left = end - Clock.GetUtcNow();
            var next = step ?? TimeSpan.FromDays(1);
            Clock.Advance(next < left ? next : left);
            await rounds.RunAsync(CancellationToken.None);
        }
    }

    internal Task<T> GetAsync<T>(string path) => ReadAsync<T>(Customer.Http.GetAsync(path));

    internal Task<T> AskOperatorAsync<T>(string path) => ReadAsync<T>(Operator.Http.GetAsync(path));

    internal Task<T> PostAsync<T>(string path, object? body = null) => ReadAsync<T>(Customer.PostAsync(path, body));

    internal Task<T> OperateAsync<T>(string path, object? body = null) => ReadAsync<T>(Operator.PostAsync(path, body));

    internal async Task<List<InvoiceResource>> InvoicesAsync() => [.. (await GetAsync<Page<InvoiceResource>>("v1/billing/invoices")).Items.Reverse()];

    /// <summary>Every account's balance, in minor units, debit above zero.</summary>
    internal async Task<Dictionary<string, long>> BalancesAsync()
    {
        await using var fleet = Server.Fleet();
        var balances = await fleet.Db.ReadBalancesAsync(null, CancellationToken.None);
        balances.GroupBy(b => b.Currency).ShouldAllBe(c => c.Sum(b => b.Minor) == 0);
        return balances.ToDictionary(b => b.Code, b => b.Minor);
    }

    internal async Task AddContractAsync(PartyKind kind, string party, ShareBasis basis, int ratePpm)
    {
        await using var fleet = Server.Fleet();
        fleet.Db.ShareContracts.Add(new ShareContract
        {
            Id = ContractId.New(Clock),
            PartyKind = kind,
            PartyId = party,
            Version = 1,
            Scope = ShareScope.All,
            Basis = basis,
            RatePpm = ratePpm,
            ValidFrom = Start.AddYears(-1),
            ApprovedBy = "test",
            CreatedAt = Start,
        });
        await fleet.Db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    static async Task<T> ReadAsync<T>(Task<HttpResponseMessage> call)
    {
        using var response = await call;
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return await response.ReadAsync<T>();
    }
}

static class Operators
{
    /// <summary>Somebody who signed up and was made the operator.</summary>
    internal static async Task<Customer> AddOperatorAsync(this ApiServer server, string? email = null)
    {
        var customer = await server.SignUpAsync(email, "Operator");
        await server.ExecuteAsOwnerAsync("UPDATE users SET is_operator = true WHERE id = $1", customer.User.Value);
        return customer;
    }
}
