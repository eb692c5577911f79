using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Releases;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Ledger;

/// <summary>A ledger with a vendor (20 % of gross) and a reseller (25 % of net), as the process fc_backup sees it, and a clock that the test moves.</summary>
sealed class LedgerWorld : IAsyncDisposable
{
    internal static readonly DateTimeOffset Start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    internal static readonly Party Vendor = new(PartyKind.Vendor, "acme");
    internal static readonly Party Reseller = new(PartyKind.Reseller, "org_r");
    internal static readonly PostedBy By = new("test", "manual", LedgerMode.Live);
    internal static readonly Actor Anna = new(ActorKind.Operator, "usr_anna", "anna@example.com");

    readonly TestDatabase database;

    LedgerWorld(TestDatabase database, FakeTimeProvider clock, Action<IServiceCollection>? configure)
    {
        (this.database, Clock) = (database, clock);
        Process = new ControlPlaneScope(database.Backup, clock, configure);
        Api = new ControlPlaneScope(database.Api, clock);
    }

    internal FakeTimeProvider Clock { get; }
    internal ControlPlaneScope Process { get; }
    internal ControlPlaneScope Api { get; }
    internal TestDatabase Database => database;
    internal PayoutOptions Options { get; } = new();

    internal static async Task<LedgerWorld> StartAsync(PostgresFixture postgres, Action<IServiceCollection>? configure = null) =>
        new(await postgres.CreateDatabaseAsync(), new FakeTimeProvider(Start), configure);

    /// <summary>With the two contracts and what is known of the parties.</summary>
    internal static async Task<LedgerWorld> WithPartiesAsync(PostgresFixture postgres, Action<IServiceCollection>? configure = null, Func<ShareContract, ShareContract>? terms = null)
    {
        var world = await StartAsync(postgres, configure);
        await world.SaveAsync(db =>
        {
            terms ??= contract => contract;
            db.ShareContracts.AddRange(terms(world.Contract(Vendor, ShareBasis.GrossExTax, 200_000)), terms(world.Contract(Reseller, ShareBasis.NetOfFees, 250_000)));
            db.Parties.AddRange(Profile(Vendor), Profile(Reseller));
        });
        return world;
    }

    internal ShareContract Contract(
        Party party, ShareBasis basis, int rate, ShareRelease release = ShareRelease.OnPayment, RefundFeeRule refundFee = RefundFeeRule.Operator, DisputeFeeRule disputeFee = DisputeFeeRule.Operator) => new()
        {
            Id = ContractId.New(Clock),
            PartyKind = party.Kind,
            PartyId = party.Id,
            Version = 1,
            Scope = ShareScope.All,
            Basis = basis,
            RatePpm = rate,
            Release = release,
            FeeOnRefund = refundFee,
            DisputeFee = disputeFee,
            ValidFrom = Start.AddYears(-1),
            ApprovedBy = "usr_o",
            CreatedAt = Start,
        };

    internal static PartyProfile Profile(Party party, string destination = "DE00 1234")
    {
        var profile = new PartyProfile { Kind = party.Kind, Id = party.Id, Name = $"{party.Id} & Co", CreatedAt = Start };
        profile.MoveTo(PayoutRail.StripeTransfer, destination, Start);
        return profile;
    }

    /// <summary>In a scope and a transaction of its own.</summary>
    internal async Task<T> RunAsync<T>(Func<ControlPlaneDb, Task<T>> work, ControlPlaneScope? process = null)
    {
        await using var fleet = (process ?? Process).Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        var result = await work(fleet.Db);
        await fleet.Db.SaveChangesAsync();
        await transaction.CommitAsync();
        return result;
    }

    internal Task RunAsync(Func<ControlPlaneDb, Task> work, ControlPlaneScope? process = null) => RunAsync(
        async db =>
        {
            await work(db);
            return 0;
        },
        process);

    internal Task SaveAsync(Action<ControlPlaneDb> change) => RunAsync(
        db =>
        {
            change(db);
            return Task.FromResult(0);
        },
        Api);

    /// <summary>49.00 in dollars, 1.72 of which the processor keeps: 9.80 for the vendor, 11.82 for the reseller.</summary>
    internal Task<List<ShareAccrual>> AccrueAsync(string payment, long price = 4900, int months = 1, long fee = 172) => RunAsync(db =>
    {
        var now = Clock.GetUtcNow();
        var sale = new Sale("org_c", Reseller.Id, new Money(price, Currency.Usd), new Money(fee, Currency.Usd), price, [new SoldLine("faktory", "pro", price, 1, now, now.AddMonths(months))]);
        return db.AccrueSharesAsync(sale, payment, $"inv_{payment}", now, now, months, By, Clock, CancellationToken.None);
    });

    internal Task ReverseAsync(string payment, string refund, long cumulative, long original = 4900, int seq = 1) =>
        RunAsync(db => db.ReverseSharesAsync(payment, new JournalSource("refund", refund, Clock.GetUtcNow(), seq, payment), cumulative, original, By, Clock, CancellationToken.None));

    internal async Task<int> ReleaseAsync()
    {
        await using var fleet = Process.Fleet();
        return await fleet.Db.ReleaseDueSharesAsync(By, Clock, CancellationToken.None);
    }

    internal async Task<PayoutRun> RunPayoutsAsync(DateTimeOffset? cutOff = null)
    {
        await using var fleet = Process.Fleet();
        return await fleet.Db.RunPayoutsAsync(cutOff ?? PayoutRuns.LastCutOff(Clock.GetUtcNow()), Options, Anna, By, Clock, CancellationToken.None);
    }

    /// <summary>What is held and payable, in the party's favour.</summary>
    internal async Task<(long Held, long Payable)> BalanceAsync(Party party) => (-await SumAsync(party.Held), -await SumAsync(party.Payable));

    internal async Task<long> SumAsync(AccountKey account)
    {
        await using var fleet = Process.Fleet();
        return (await fleet.Db.ReadBalancesAsync(null, CancellationToken.None)).Where(b => b.Code == account.Code.ToText() && b.Owner == account.Owner).Sum(b => b.Minor);
    }

    internal async Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read)
    {
        await using var fleet = Process.Fleet();
        return await read(fleet.Db);
    }

    /// <summary>Whatever happened: accruals and journals say the same, and everything sums to zero.</summary>
    internal async Task ShouldAgreeAsync()
    {
        await using var fleet = Process.Fleet();
        (await fleet.Db.FindDisagreementsAsync(10, CancellationToken.None)).ShouldBeEmpty();
        (await fleet.Db.ReadBalancesAsync(null, CancellationToken.None)).GroupBy(b => b.Currency).ShouldAllBe(g => g.Sum(b => b.Minor) == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Api.DisposeAsync();
        await database.DisposeAsync();
    }
}
