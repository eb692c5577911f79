using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>
/// What parties earn of a payment, and give back of it. Each is part of the caller's transaction, in the fleet's scope, and saves what it changes; the accruals of
/// a payment stay locked until that transaction ends, so refunds, disputes and releases of one payment come one after the other.
/// </summary>
public static class ShareAccruals
{
    /// <summary>Divides a sale by the contracts that were valid, and posts and remembers each party's share. The same payment again: what it accrued the first time.</summary>
    /// <param name="serviceMonths">Into how many months' parts a share that is released monthly falls.</param>
    public static async Task<List<ShareAccrual>> AccrueSharesAsync(
        this ControlPlaneDb db, Sale sale, string paymentId, string invoiceId, DateTimeOffset paidAt, DateTimeOffset serviceFrom, int serviceMonths, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        RequireTransaction(db);
        // Two that come with one payment at a time: the later waits for the earlier, and finds what it accrued.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"shares " + paymentId}, 0))", cancel);
        if (await db.LockAccrualsAsync(paymentId, cancel) is { Count: > 0 } earlier)
            return earlier;
        var contracts = await db.ReadContractsAsync(sale, cancel);
        var split = RevenueSplit.Split(sale, contracts);
        if (SharePostings.Shares(new("payment", paymentId, paidAt, Correlation: paymentId), split) is not { } journal)
            return [];
        await db.PostAsync(journal, by, clock, cancel);

        List<ShareAccrual> accruals = [.. split.Shares.Select(share => ToAccrual(share, [.. contracts.Where(c => share.Contracts.Contains(c.Id))]))];
        db.ShareAccruals.AddRange(accruals);
        await db.SaveChangesAsync(cancel);
        return accruals;

        ShareAccrual ToAccrual(Share share, List<ShareContract> terms)
        {
            var id = ShareAccrualId.New(clock);
            var accrual = new ShareAccrual
            {
                Id = id,
                PaymentId = paymentId,
                OrganizationId = sale.Customer,
                InvoiceId = invoiceId,
                PartyKind = share.Party.Kind,
                PartyId = share.Party.Id,
                Currency = share.Amount.Currency.Code,
                SaleMinor = (sale.Cash - sale.Tax).Minor,
                ShareMinor = share.Amount.Minor,
                RefundFeeMinor = share.RefundFeeMinor,
                BearsDisputeFee = terms.Exists(c => c.DisputeFee == DisputeFeeRule.Party),
                PaidAt = paidAt,
                // Where several contracts made one share, the more careful terms hold for all of it.
                HoldUntil = paidAt + TimeSpan.FromDays(terms.Max(c => c.HoldDays)),
                Release = terms.Max(c => c.Release),
                ServiceFrom = serviceFrom,
                ServiceMonths = serviceMonths,
                Parts = [.. share.Parts.Select(p => new AccruedPart { AccrualId = id, ContractId = p.Contract, ShareMinor = p.Minor })],
            };
            accrual.Plan();
            return accrual;
        }
    }

    /// <summary>
    /// Brings what each party has given back to its share of all that was refunded or lost so far; also back down when a refund fails. Fees that a contract shares follow in the same proportion.
    /// </summary>
    /// <param name="source">The refund or dispute; a further effect of the same one has a further <see cref="JournalSource.Seq"/>.</param>
    /// <param name="refundedExTaxCumulative">All refunds and lost disputes of the payment together, in the currency that the customer paid in; as is <paramref name="originalExTax"/>.</param>
    public static async Task ReverseSharesAsync(
        this ControlPlaneDb db, string paymentId, JournalSource source, long refundedExTaxCumulative, long originalExTax, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        RequireTransaction(db);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(originalExTax);
        var accruals = await db.LockAccrualsAsync(paymentId, cancel);
        if (accruals is [] || await db.IsPostedAsync(source, cancel))
            return;
        if (SharePostings.ShareReversal(source, accruals.Select(a => a.Position), refundedExTaxCumulative, originalExTax) is { } reversal)
            await db.PostAsync(reversal with { Contracts = ContractsOf(accruals) }, by, clock, cancel);
        var fees = accruals.Select(a => (a.Party, Minor: ShareTerms.RefundFeeBorne(a.RefundFeeMinor, refundedExTaxCumulative, originalExTax) - a.RefundFeeBorneMinor, a.Currency));
        if (SharePostings.FeesBorne(source, AccountCode.Fee, fees.Select(f => (f.Party, new Money(f.Minor, Currency.Parse(f.Currency))))) is { } borne)
            await db.PostAsync(borne with { Contracts = ContractsOf(accruals) }, by, clock, cancel);
        foreach (var accrual in accruals)
            accrual.MarkReversed(refundedExTaxCumulative, originalExTax);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>A dispute was opened: nothing of the payment is released until <see cref="UnfreezeSharesAsync"/>.</summary>
    public static Task FreezeSharesAsync(this ControlPlaneDb db, string paymentId, TimeProvider clock, CancellationToken cancel) =>
        db.ChangeAsync(paymentId, accrual => accrual.Freeze(clock.GetUtcNow()), cancel);

    /// <summary>The dispute is over. What became due meanwhile is released with the next run.</summary>
    public static Task UnfreezeSharesAsync(this ControlPlaneDb db, string paymentId, CancellationToken cancel) => db.ChangeAsync(paymentId, accrual => accrual.Unfreeze(), cancel);

    /// <summary>The fee of a lost dispute, for the parties whose contracts let them bear it, in proportion to their shares. What nobody bears stays the operator's.</summary>
    public static async Task ChargeDisputeFeeAsync(this ControlPlaneDb db, string paymentId, JournalSource source, Money fee, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        RequireTransaction(db);
        var accruals = await db.LockAccrualsAsync(paymentId, cancel);
        List<ShareAccrual> bearing = [.. accruals.Where(a => a.BearsDisputeFee && a.Currency == fee.Currency.Code)];
        var (borne, parts, shares) = (0L, new List<(Party, Money)>(), 0L);
        var all = bearing.Sum(a => a.ShareMinor);
        foreach (var accrual in bearing)
        {
            shares += accrual.ShareMinor;
            var upTo = Rounding.HalfAway(fee.Minor, shares, all);
            parts.Add((accrual.Party, new Money(upTo - borne, fee.Currency)));
            borne = upTo;
        }
        if (SharePostings.FeesBorne(source with { Type = "dispute_fee" }, AccountCode.DisputeFee, parts) is { } journal)
            await db.PostAsync(journal with { Contracts = ContractsOf(bearing) }, by, clock, cancel);
    }

    /// <summary>The accruals of a payment, under their locks and as they stand.</summary>
    internal static Task<List<ShareAccrual>> LockAccrualsAsync(this ControlPlaneDb db, string paymentId, CancellationToken cancel) =>
        db.LockAsync(db.ShareAccruals.FromSql($"SELECT * FROM share_accruals WHERE payment_id = {paymentId} ORDER BY id FOR UPDATE"), cancel);

    internal static async Task<List<ShareAccrual>> LockAsync(this ControlPlaneDb db, IQueryable<ShareAccrual> locking, CancellationToken cancel)
    {
        // What this context read before it had the lock may be old.
        foreach (var known in db.ChangeTracker.Entries<ShareAccrual>().ToList())
            known.State = EntityState.Detached;
        var accruals = await locking.ToListAsync(cancel);
        var ids = accruals.Select(a => a.Id).ToList();
        await db.AccruedParts.Where(p => ids.Contains(p.AccrualId)).LoadAsync(cancel);
        return accruals;
    }

    internal static ContractId[] ContractsOf(IEnumerable<ShareAccrual> accruals) => [.. accruals.SelectMany(a => a.Parts).Select(p => p.ContractId).Distinct()];

    internal static void RequireTransaction(ControlPlaneDb db)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("shares change within the transaction of what changes them");
    }

    static async Task ChangeAsync(this ControlPlaneDb db, string paymentId, Action<ShareAccrual> change, CancellationToken cancel)
    {
        RequireTransaction(db);
        foreach (var accrual in await db.LockAccrualsAsync(paymentId, cancel))
            change(accrual);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The effect of an event is what it was when it came first; later events have moved the target since.</summary>
    static Task<bool> IsPostedAsync(this ControlPlaneDb db, JournalSource source, CancellationToken cancel) => db.Journals.AnyAsync(
        j => j.SourceType == source.Type && j.SourceId == source.Id && j.Seq == source.Seq && (j.Kind == JournalKind.ShareReversal || j.Kind == JournalKind.Clawback), cancel);

    static async Task<List<ShareContract>> ReadContractsAsync(this ControlPlaneDb db, Sale sale, CancellationToken cancel)
    {
        if (sale.Lines is [])
            return [];
        var (from, to) = (sale.Lines.Min(l => l.PeriodStart), sale.Lines.Max(l => l.PeriodEnd));
        return await db.ShareContracts.AsNoTracking()
            .Where(c => (c.PartyKind == PartyKind.Vendor || c.PartyId == sale.ResellerId) && c.ValidFrom <= to && (c.ValidTo == null || c.ValidTo > from)).ToListAsync(cancel);
    }
}
