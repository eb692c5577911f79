using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>An inbox, as the process that works on it sees it, with a convergence that the test is.</summary>
sealed class InboxWorld : IAsyncDisposable
{
    internal static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    readonly TestDatabase database;

    InboxWorld(TestDatabase database)
    {
        this.database = database;
        Process = new ControlPlaneScope(database.Backup, Clock, services => services
            .AddSingleton(new Random(1)).AddSingleton<IStripeConvergence>(Stripe).AddInboxWorker(new ConfigurationBuilder().Build(), runs: false));
    }

    internal FakeTimeProvider Clock { get; } = new(Start);
    internal ListeningConvergence Stripe { get; } = new();
    internal ControlPlaneScope Process { get; }
    internal InboxApplying Applying => Process.Services.GetRequiredService<InboxApplying>();

    internal static async Task<InboxWorld> StartAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    internal async Task AddAsync(string eventId, string objectId, string? customer = "cus_1", string type = "invoice.paid")
    {
        await using var fleet = Process.Fleet();
        await fleet.Db.TakeAsync(new IncomingEvent("stripe", "", eventId, type, "1", Clock.GetUtcNow(), "{}", new InboxSubject("invoice", objectId, customer), null), InboxOrigin.Delivered, Clock, CancellationToken.None);
    }

    internal async Task<List<InboxEvent>> ReadAsync()
    {
        await using var fleet = Process.Fleet();
        return await fleet.Db.InboxEvents.AsNoTracking().OrderBy(e => e.Id).ToListAsync();
    }

    internal async Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read)
    {
        await using var fleet = Process.Fleet();
        return await read(fleet.Db);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <summary>Notes what it was asked for, and does what the test says.</summary>
sealed class ListeningConvergence : IStripeConvergence
{
    readonly Lock gate = new();
    readonly List<string> asked = [];

    internal IReadOnlyList<string> Asked
    {
        get
        {
            lock (gate)
                return [.. asked];
        }
    }

    internal Func<ControlPlaneDb, string, CancellationToken, Task<ConvergenceResult>> Does { get; set; } = (_, _, _) => Task.FromResult(ConvergenceResult.Applied);

    public Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string objectType, string objectId, CancellationToken cancel)
    {
        lock (gate)
            asked.Add(objectId);
        return Does(db, objectId, cancel);
    }
}
