using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Ids;
using CsCheck;

namespace ControlPlane.Tests.Billing;

public sealed class DunningClockTests
{
    static readonly DateTimeOffset due = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly DunningDays days = new();

    [Theory]
    [InlineData(-1, DunningState.Current)]
    [InlineData(0, DunningState.PastDue)]
    [InlineData(7 * 86_400 - 1, DunningState.PastDue)]
    [InlineData(7 * 86_400, DunningState.Restricted)]
    [InlineData(14 * 86_400 - 1, DunningState.Restricted)]
    [InlineData(14 * 86_400, DunningState.Suspended)]
    [InlineData(44 * 86_400 - 1, DunningState.Suspended)]
    [InlineData(44 * 86_400, DunningState.DeletionScheduled)]
    [InlineData(51 * 86_400 - 1, DunningState.DeletionScheduled)]
    [InlineData(51 * 86_400, DunningState.Deleted)]
    [InlineData(65 * 86_400, DunningState.Purged)]
    public void Each_state_begins_on_its_day_to_the_second(long seconds, DunningState expected) => Walk(Enumerable.Range(0, 70 * 24).Select(h => (long)h * 3600).Where(s => s < seconds).Append(seconds)).Dunning.ShouldBe(expected);

    [Fact]
    public void Rounds_at_any_times_lead_to_the_same_place() =>
        Gen.Long[0, 90 * 86_400].Array[0, 30].Sample(rounds =>
        {
            // The suspension counts from when it happened, so all who come by the day it is due agree.
            long[] fixedRounds = [0, 7 * 86_400, 14 * 86_400, 44 * 86_400, 51 * 86_400, 65 * 86_400];
            Walk(fixedRounds.Concat(rounds).Order()).Dunning.ShouldBe(DunningState.Purged);
        }, iter: 2_000);

    [Fact]
    public void A_late_round_gives_the_customer_the_whole_time_after_a_suspension()
    {
        var account = Walk([0, 40 * 86_400]);
        account.Dunning.ShouldBe(DunningState.Suspended);
        account.SuspendedAt.ShouldBe(due.AddDays(40));
        Advance(account, due.AddDays(69)).Dunning.ShouldBe(DunningState.Suspended);
        Advance(account, due.AddDays(70)).Dunning.ShouldBe(DunningState.DeletionScheduled);
    }

    [Fact]
    public void Warnings_go_out_at_seven_three_and_one_day_and_each_once()
    {
        var account = Walk([0, 7 * 86_400, 14 * 86_400, 44 * 86_400]);
        var given = new List<int>();
        for (var at = account.DeletionAt!.Value.AddDays(-8); at < account.DeletionAt; at = at.AddHours(1))
            if (DunningClock.WarningDue(account, days, at) is { } left)
            {
                given.Add(left);
                account.WarnedDaysLeft = left;
            }
        given.ShouldBe([7, 3, 1]);
    }

    [Theory]
    [InlineData(DunningState.PastDue)]
    [InlineData(DunningState.Restricted)]
    [InlineData(DunningState.Suspended)]
    [InlineData(DunningState.DeletionScheduled)]
    public void A_payment_clears_everything_that_was_not_deleted(DunningState from)
    {
        var account = Account();
        (account.Dunning, account.SuspendedAt, account.DeletionAt) = (from, due, due.AddDays(100));
        DunningClock.Next(account, null, isBlocked: true, days, due.AddDays(10)).ShouldBe(DunningState.Current);
    }

    [Fact]
    public void A_hold_takes_nothing_more_away()
    {
        var account = Account();
        account.Dunning = DunningState.Restricted;
        DunningClock.Next(account, due, isBlocked: true, days, due.AddDays(400)).ShouldBe(DunningState.Restricted);
    }

    static BillingAccount Walk(IEnumerable<long> rounds) => rounds.Aggregate(Account(), (account, second) => Advance(account, due.AddSeconds(second)));

    // As DunningSteps does it, without the effects.
    static BillingAccount Advance(BillingAccount account, DateTimeOffset now)
    {
        while (DunningClock.Next(account, due <= now ? due : null, false, days, now) is var next && next != account.Dunning)
        {
            account.Dunning = next;
            account.SuspendedAt = next == DunningState.Suspended ? now : account.SuspendedAt;
            account.DeletionAt = next == DunningState.DeletionScheduled ? now.AddDays(days.UntilDeletion) : account.DeletionAt;
        }
        return account;
    }

    static BillingAccount Account() => new() { OrganizationId = OrganizationId.New(TimeProvider.System), Provider = BillingProvider.Manual, Currency = "USD", Name = "Ada", Email = "ada@example.com", CreatedAt = due };
}
