using System.Globalization;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Bench;

/// <summary>The inbox on a durable PostgreSQL: events that are taken in, and applied, in a second. What Stripe itself takes to answer is not in it.</summary>
static class InboxBenchmark
{
    /// <summary>Reads nothing, so that what is measured is ours.</summary>
    sealed class SilentConvergence : IStripeConvergence
    {
        public Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string objectType, string objectId, CancellationToken cancel) => Task.FromResult(ConvergenceResult.Applied);
    }

    internal static void AddServices(IServiceCollection services) =>
        services.AddSingleton(new Random(1)).AddSingleton<IStripeConvergence, SilentConvergence>().AddInboxWorker(new ConfigurationBuilder().Build(), runs: false);

    internal static async Task RunAsync(BenchLedger ledger, TimeSpan seconds, TimeProvider clock, CancellationToken cancel)
    {
        Console.WriteLine("\nEvents of a payment provider, each in a transaction of its own\n\n| | connections | events | a second |\n|---|---|---|---|");
        foreach (var connections in (int[])[1, 4])
        {
            await TakeAsync(ledger, $"warm {connections}", connections, TimeSpan.FromSeconds(1), clock, cancel);
            Print("taken in", connections, await TakeAsync(ledger, $"run {connections}", connections, seconds, clock, cancel), seconds);
        }
        foreach (var connections in (int[])[1, 4])
            Print("applied", connections, await ApplyAsync(ledger, connections, seconds, clock, cancel), seconds);
    }

    static void Print(string what, int connections, int count, TimeSpan seconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {connections} | {count} | {count / seconds.TotalSeconds:0} |"));

    /// <summary>Each about an object of its own, of one of a thousand customers.</summary>
    static async Task<int> TakeAsync(BenchLedger ledger, string name, int connections, TimeSpan seconds, TimeProvider clock, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(async connection =>
        {
            var count = 0;
            for (; clock.GetElapsedTime(begun) < seconds; count++)
            {
                await using var fleet = ledger.Services.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();
                var id = string.Create(CultureInfo.InvariantCulture, $"{name} {connection} {count}");
                var subject = new InboxSubject("invoice", id, string.Create(CultureInfo.InvariantCulture, $"cus_{count % 1000}"));
                await fleet.Db.TakeAsync(new IncomingEvent("stripe", "", id, "invoice.paid", "1", clock.GetUtcNow(), "{}", subject, null), InboxOrigin.Delivered, clock, cancel);
            }
            return count;
        }));
        return counts.Sum();
    }

    static async Task<int> ApplyAsync(BenchLedger ledger, int connections, TimeSpan seconds, TimeProvider clock, CancellationToken cancel)
    {
        var applying = ledger.Services.GetRequiredService<InboxApplying>();
        var begun = clock.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            var count = 0;
            while (clock.GetElapsedTime(begun) < seconds && await applying.ApplyNextAsync(cancel))
                count++;
            return count;
        }));
        return counts.Sum();
    }
}
