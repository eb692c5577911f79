using BackupScheduler;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Billing.Stripe;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>The double, the Api that it delivers to over HTTP, and the process that works on the inbox, as its own role of the database. Nothing moves before the test says so.</summary>
sealed class DeliveredWorld : IAsyncDisposable
{
    readonly ServiceProvider scheduler;

    DeliveredWorld(StripeWorld stripe, ServiceProvider scheduler) => (World, this.scheduler) = (stripe, scheduler);

    internal StripeWorld World { get; }
    internal ApiServer Server => World.Server;
    internal Reconciling Reconciling => scheduler.GetRequiredService<Reconciling>();
    internal InboxApplying Applying => scheduler.GetRequiredService<InboxApplying>();
    internal IServiceProvider Scheduler => scheduler;

    internal static async Task<DeliveredWorld> StartAsync(PostgresFixture postgres)
    {
        var world = await StripeWorld.StartAsync(postgres, null, "--Billing:Stripe:WebhookSecrets:0=unset");
        world.Stripe.HoldsWebhooks = true;
        var endpoint = await world.At.WebhookEndpoints.CreateAsync(new() { Url = new Uri(world.Server.Http.BaseAddress!, "webhooks/stripe").ToString(), EnabledEvents = [.. StripeEventTypes.Followed] });
        world.Server.Services.GetRequiredService<IOptions<StripeOptions>>().Value.WebhookSecrets = [endpoint.Secret];
        return new DeliveredWorld(world, StartScheduler(world));
    }

    static ServiceProvider StartScheduler(StripeWorld world)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ControlPlane"] = world.Server.Database.Backup,
            [KeyRing.CertificateSetting] = ApiServer.CertificatePath,
            ["BackupScheduler:RunSchedules"] = "false",
            ["Billing:Provider"] = "stripe",
            ["Billing:Stripe:Key"] = world.Stripe.ApiKey,
            ["Billing:Stripe:Address"] = world.Stripe.BaseUrl,
        }).Build();
        return new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error)).AddBackupScheduler(configuration, world.Billing.Clock, new Random(7)).BuildServiceProvider();
    }

    /// <summary>What is ready goes out, and what came in is applied.</summary>
    internal async Task<int> DeliverAsync()
    {
        await World.Stripe.NowAsync();
        var sent = await World.Stripe.DeliverAsync();
        await Applying.DrainAsync(CancellationToken.None);
        return sent;
    }

    internal async Task<int> ReconcileAsync()
    {
        await Reconciling.CompareAsync(CancellationToken.None);
        return await Applying.DrainAsync(CancellationToken.None);
    }

    internal async Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read)
    {
        await using var fleet = scheduler.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();
        return await read(fleet.Db);
    }

    internal async Task<List<(ComparedKind Kind, DifferenceClass Class, string Ours, string Theirs)>> DifferencesAsync() =>
        [.. (await ReadAsync(db => db.Differences.Where(d => d.ResolvedAt == null).OrderBy(d => d.Kind).ThenBy(d => d.Class).ToListAsync())).Select(d => (d.Kind, d.Class, d.Ours, d.Theirs))];

    public async ValueTask DisposeAsync()
    {
        await scheduler.DisposeAsync();
        await World.DisposeAsync();
    }
}
