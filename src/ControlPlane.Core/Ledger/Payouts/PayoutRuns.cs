using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Payouts;

public enum PayoutSkip
{
    /// <summary>Nobody knows who the party is.</summary>
    NoProfile,
    NoDestination,
    Frozen,

    /// <summary>It is carried to the next run; so is what a party owes.</summary>
    BelowMinimum,
}

/// <param name="PayableMinor">At the cut-off, or now where that is less.</param>
public sealed record SkippedPayout(Party Party, Currency Currency, long PayableMinor, PayoutSkip Reason);

public sealed record PayoutRun(DateTimeOffset CutOff, IReadOnlyList<Payout> Payouts, IReadOnlyList<SkippedPayout> Skipped);

/// <summary>Sets aside what parties are owed.</summary>
public static class PayoutRuns
{
    const int RunDay = 15;

    /// <summary>The latest 15th of a month, midnight UTC, that is not after <paramref name="now"/>.</summary>
    public static DateTimeOffset LastCutOff(DateTimeOffset now)
    {
        var cutOff = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, RunDay, 0, 0, 0, TimeSpan.Zero);
        return cutOff <= now ? cutOff : cutOff.AddMonths(-1);
    }

    /// <summary>
    /// Makes a payout for every party and currency that has enough payable; the row, its journal and what it covers in one transaction each, or all in the caller's. The same cut-off again
    /// makes none a second time.
    /// </summary>
    public static async Task<PayoutRun> RunPayoutsAsync(
        this ControlPlaneDb db, DateTimeOffset cutOff, PayoutOptions options, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cutOff, clock.GetUtcNow());
        var (payouts, skipped) = (new List<Payout>(), new List<SkippedPayout>());
        foreach (var account in await db.ReadPayableAccountsAsync(cutOff, cancel))
        {
            await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
            var (payout, skip) = await db.SetAsideAsync(account, cutOff, options, actor, by, clock, cancel);
            if (transaction is not null)
                await transaction.CommitAsync(cancel);
            if (payout is not null)
                payouts.Add(payout);
            else if (skip is not null)
                skipped.Add(skip);
        }
        return new PayoutRun(cutOff, payouts, skipped);
    }

    static async Task<(Payout?, SkippedPayout?)> SetAsideAsync(
        this ControlPlaneDb db, PayableAccount account, DateTimeOffset cutOff, PayoutOptions options, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var party = account.Party;
        // Runs of one party come one after the other: this lock.
        var profile = await db.LockPartyAsync(party, cancel);
        if (await db.Payouts.AnyAsync(p => p.PartyKind == party.Kind && p.PartyId == party.Id && p.Currency == account.Currency && p.CutOff == cutOff, cancel))
            return (null, null);
        // What was taken back after the cut-off is not paid either, and what an earlier run has set aside late is not paid twice.
        var uncovered = await db.ReadUncoveredAsync(account, cutOff, cancel);
        var payable = Math.Min(uncovered.AtCutOff, uncovered.Now);
        var amount = ShareTerms.PayoutDue(new Money(payable, Currency.Parse(account.Currency)), await db.ReadMinimumAsync(party, options, clock.GetUtcNow(), cancel));
        PayoutSkip? skip = amount.IsZero ? PayoutSkip.BelowMinimum
            : profile is null ? PayoutSkip.NoProfile
            : profile.FrozenAt is not null ? PayoutSkip.Frozen
            : profile.Destination.Length == 0 ? PayoutSkip.NoDestination
            : null;
        if (skip is { } reason)
            return (null, payable == 0 ? null : new SkippedPayout(party, amount.Currency, payable, reason));

        var payout = ToPayout(profile!, amount, uncovered.AtCutOff - uncovered.Covered, cutOff, options, actor, clock.GetUtcNow(), PayoutId.New(clock));
        db.Payouts.Add(payout);
        db.Write(null, actor, "payout.created", payout.Id.ToString(), $"{amount} to {party}", clock);
        await db.SaveChangesAsync(cancel);
        await db.CoverAsync(payout, account, cancel);
        await db.PostAsync(PayoutPostings.Payout(payout.Source(cutOff), party, amount), by, clock, cancel);
        return (payout, null);
    }

    static Payout ToPayout(PartyProfile profile, Money amount, long carried, DateTimeOffset cutOff, PayoutOptions options, Actor actor, DateTimeOffset now, PayoutId id)
    {
        var payout = new Payout
        {
            Id = id,
            PartyKind = profile.Kind,
            PartyId = profile.Id,
            Currency = amount.Currency.Code,
            AmountMinor = amount.Minor,
            CutOff = cutOff,
            CarriedMinor = carried,
            Rail = profile.Rail,
            Destination = profile.Destination,
            NotBefore = profile.DestinationChangedAt + options.CoolingOffFor is { } notBefore && notBefore > now ? notBefore : null,
            NeedsSecondPerson = amount.Minor > options.SecondPersonAboveMinor,
            CreatedBy = actor.Id,
            CreatedAt = now,
        };
        if (!payout.NeedsSecondPerson)
            payout.Approve(actor.Id, now);
        return payout;
    }

    /// <summary>The largest minimum that the party's contracts agree on.</summary>
    static async Task<long> ReadMinimumAsync(this ControlPlaneDb db, Party party, PayoutOptions options, DateTimeOffset now, CancellationToken cancel) =>
        await db.ShareContracts.Where(c => c.PartyKind == party.Kind && c.PartyId == party.Id && c.ValidFrom <= now && (c.ValidTo == null || c.ValidTo > now))
            .MaxAsync(c => (long?)c.MinPayoutMinor, cancel) ?? options.MinimumMinor;
}
