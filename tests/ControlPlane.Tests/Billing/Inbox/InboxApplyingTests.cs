using System.Collections.Concurrent;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Mails;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>How events become what is stored: once, together with what follows, whatever goes wrong.</summary>
public sealed class InboxApplyingTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Several_events_about_one_object_are_one_reading()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        foreach (var number in Enumerable.Range(0, 5))
            await world.AddAsync($"evt_{number}", "in_1");
        await world.AddAsync("evt_9", "in_2");

        (await world.Applying.DrainAsync(CancellationToken.None)).ShouldBe(2);

        world.Stripe.Asked.ShouldBe(["in_1", "in_2"]);
        (await world.ReadAsync()).ShouldAllBe(e => e.State == InboxState.Done && e.FinishedAt == InboxWorld.Start && e.Attempts == 1);
    }

    [Fact]
    public async Task A_process_that_dies_between_reading_and_commit_has_done_nothing_and_the_next_does_it_once()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        using var death = new CancellationTokenSource();
        world.Stripe.Does = async (db, _, cancel) =>
        {
            await WriteAsync(db, world, cancel);
            await death.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return ConvergenceResult.Applied;
        };

        await Should.ThrowAsync<OperationCanceledException>(world.Applying.DrainAsync(death.Token));
        (await world.ReadAsync(db => db.Mails.CountAsync())).ShouldBe(0);
        (await world.ReadAsync()).Single().State.ShouldBe(InboxState.Pending);

        world.Stripe.Does = async (db, _, cancel) => await WriteAsync(db, world, cancel);
        await world.Applying.DrainAsync(CancellationToken.None);

        (await world.ReadAsync(db => db.Mails.CountAsync())).ShouldBe(1);
        (await world.ReadAsync()).Single().State.ShouldBe(InboxState.Done);
    }

    [Fact]
    public async Task What_fails_waits_longer_each_time_until_a_person_is_called()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        await world.AddAsync("evt_2", "in_2", "cus_2");
        world.Stripe.Does = async (db, id, cancel) => id == "in_2" ? await WriteAsync(db, world, cancel) : throw new InvalidOperationException("not complete yet");
        var waits = new List<TimeSpan>();

        while (await world.Applying.DrainAsync(CancellationToken.None) > 0 && (await world.ReadAsync())[0] is { State: InboxState.Pending } waiting)
        {
            waits.Add(waiting.NextAttemptAt - world.Clock.GetUtcNow());
            world.Clock.SetUtcNow(waiting.NextAttemptAt);
        }

        waits.Count.ShouldBe(15);
        waits[0].ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        waits[5].ShouldBeInRange(TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(64));
        waits[^1].ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        var (dead, other) = ((await world.ReadAsync())[0], (await world.ReadAsync())[1]);
        (dead.State, dead.Attempts, dead.Error).ShouldBe((InboxState.Dead, 16, "not complete yet"));
        other.State.ShouldBe(InboxState.Done);
        (await AlertsAsync(world)).ShouldBe([(Alerts.InboxDead, AlertSeverity.Critical)]);
        (await world.Applying.DrainAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task A_dead_event_that_is_replayed_is_applied_and_the_alert_ends()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        await world.ReadAsync(db => db.InboxEvents.ExecuteUpdateAsync(set => set.SetProperty(e => e.State, InboxState.Dead)));
        (await AlertsAsync(world)).Count.ShouldBe(1);

        await using (var fleet = world.Process.Fleet())
        {
            (await fleet.Db.InboxEvents.SingleAsync()).Replay(world.Clock.GetUtcNow()).ShouldBeTrue();
            await fleet.Db.SaveChangesAsync();
        }
        await world.Applying.DrainAsync(CancellationToken.None);

        (await world.ReadAsync()).Single().State.ShouldBe(InboxState.Done);
        (await AlertsAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_parked()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        world.Stripe.Does = (_, _, _) => Task.FromResult(ConvergenceResult.NotFound);

        await world.Applying.DrainAsync(CancellationToken.None);

        var parked = (await world.ReadAsync()).Single();
        (parked.State, parked.Error).ShouldBe((InboxState.Parked, "There is no invoice in_1 at the provider."));
        (await AlertsAsync(world)).ShouldBe([(Alerts.InboxParked, AlertSeverity.Warning)]);
    }

    [Fact]
    public async Task Workers_side_by_side_share_the_inbox_and_never_a_customer()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        foreach (var number in Enumerable.Range(0, 120))
            await world.AddAsync($"evt_{number}", $"in_{number % 40}", $"cus_{number % 8}");
        var (working, collisions) = (new ConcurrentDictionary<string, bool>(), 0);
        world.Stripe.Does = async (db, id, cancel) =>
        {
            var customer = $"cus_{int.Parse(id[3..], System.Globalization.CultureInfo.InvariantCulture) % 8}";
            if (!working.TryAdd(customer, true))
                Interlocked.Increment(ref collisions);
            await WriteAsync(db, world, cancel);
            working.TryRemove(customer, out _);
            return ConvergenceResult.Applied;
        };

        // Whoever finds everybody's work taken goes home, and comes again.
        while ((await world.ReadAsync()).Any(e => e.State == InboxState.Pending))
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Applying.DrainAsync(CancellationToken.None)));

        collisions.ShouldBe(0);
        world.Stripe.Asked.Count.ShouldBe(40);
        (await world.ReadAsync(db => db.Mails.CountAsync())).ShouldBe(40);
        (await world.ReadAsync()).ShouldAllBe(e => e.State == InboxState.Done);
    }

    [Fact]
    public async Task An_event_that_comes_while_its_object_is_read_makes_it_read_again()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        world.Stripe.Does = async (_, _, _) =>
        {
            if (world.Stripe.Asked.Count == 1)
                await world.AddAsync("evt_2", "in_1");
            return ConvergenceResult.Applied;
        };

        await world.Applying.DrainAsync(CancellationToken.None);

        world.Stripe.Asked.ShouldBe(["in_1", "in_1"]);
    }

    [Fact]
    public async Task Old_events_are_forgotten_when_nobody_needs_them()
    {
        await using var world = await InboxWorld.StartAsync(postgres);
        await world.AddAsync("evt_1", "in_1");
        await world.AddAsync("evt_2", "in_2");
        await world.Applying.DrainAsync(CancellationToken.None);
        await world.ReadAsync(db => db.InboxEvents.Where(e => e.EventId == "evt_2").ExecuteUpdateAsync(set => set.SetProperty(e => e.State, InboxState.Dead)));
        world.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));

        (await world.ReadAsync(db => db.ForgetOldEventsAsync(TimeSpan.FromDays(90), world.Clock, CancellationToken.None))).ShouldBe(0);
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        (await world.ReadAsync(db => db.ForgetOldEventsAsync(TimeSpan.FromDays(90), world.Clock, CancellationToken.None))).ShouldBe(1);

        (await world.ReadAsync()).Single().EventId.ShouldBe("evt_2");
    }

    static async Task<ConvergenceResult> WriteAsync(ControlPlaneDb db, InboxWorld world, CancellationToken cancel)
    {
        db.Mails.Add(new Mail { Id = MailId.New(world.Clock), At = world.Clock.GetUtcNow(), To = "a", Subject = "b", Body = "c" });
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }

    static async Task<List<(string Kind, AlertSeverity Severity)>> AlertsAsync(InboxWorld world)
    {
        await world.ReadAsync(async db =>
        {
            await db.RefreshInboxAlertsAsync(world.Clock, CancellationToken.None);
            return 0;
        });
        return [.. (await world.ReadAsync(db => db.Alerts.Where(a => a.ResolvedAt == null).ToListAsync())).Select(a => (a.Kind, a.Severity))];
    }
}
