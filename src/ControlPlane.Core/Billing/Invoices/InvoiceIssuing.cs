using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Invoices;

/// <summary>Makes invoices and credit notes of drafts, with their journals. Part of the caller's transaction, which holds the account's lock, in the fleet's scope.</summary>
public static class InvoiceIssuing
{
    /// <summary>Null when there is nothing to pay. A draft below zero becomes a credit to the customer's balance.</summary>
    public static async Task<Invoice?> IssueAsync(this ControlPlaneDb db, BillingAccount account, InvoiceDraft draft, InvoiceReason reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        if (draft.TotalMinor < 0)
            await db.CreditAsync(account, draft, reason == InvoiceReason.Change ? "Unused time after a change of plan" : "Unused time", by, clock, cancel);
        if (draft.TotalMinor <= 0)
            return null;
        var now = clock.GetUtcNow();
        var fromBalance = Math.Min(draft.TotalMinor, await db.ReadCustomerBalanceAsync(account.OrganizationId, account.Currency, cancel));
        var id = InvoiceId.New(clock);
        var invoice = new Invoice
        {
            Id = id,
            OrganizationId = account.OrganizationId,
            Number = await db.NextNumberAsync("INV", now, cancel),
            Reason = reason,
            Currency = draft.Currency,
            SubtotalMinor = draft.SubtotalMinor,
            DiscountMinor = draft.DiscountMinor,
            TaxMinor = draft.TaxMinor,
            TotalMinor = draft.TotalMinor,
            FromBalanceMinor = fromBalance,
            IssuedAt = now,
            DueAt = now.AddDays(account.TermsDays),
            Provider = account.Provider,
            Mode = by.Mode,
            BillTo = JsonSerializer.Serialize(new BillTo(account.Name, account.Email, account.Address, account.Country, account.TaxId, account.TaxRatePpm)),
            ResellerId = await db.FindResellerAsync(account.OrganizationId, now, cancel),
            Lines =
            [
                .. draft.Lines.Select((l, i) => new InvoiceLine
                {
                    InvoiceId = id, OrganizationId = account.OrganizationId, Line = i + 1, Description = l.Draft.Description, ProductKey = l.Draft.ProductKey, PlanKey = l.Draft.PlanKey,
                    PlanVersion = l.Draft.PlanVersion, InstanceId = l.Draft.InstanceId, Quantity = l.Draft.Quantity, AmountMinor = l.Draft.AmountMinor, DiscountMinor = l.DiscountMinor, TaxMinor = l.TaxMinor,
                    PeriodStart = l.Draft.PeriodStart, PeriodEnd = l.Draft.PeriodEnd, IsProration = l.Draft.IsProration,
                }),
            ],
        };
        if (invoice.OpenMinor == 0)
            (invoice.State, invoice.SettledAt) = (InvoiceState.Paid, now);
        db.Invoices.Add(invoice);
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("invoice", id.ToString(), now, Correlation: id.ToString(), Memo: invoice.Number);
        await db.PostAsync(CustomerPostings.Issue(source, account.OrganizationId.ToString(), In(account, draft.TotalMinor), In(account, draft.TaxMinor), In(account, fromBalance)), by, clock, cancel);
        return invoice;
    }

    /// <summary>What is left of unused time goes to the customer's balance: no cash moves and no share changes.</summary>
    static async Task CreditAsync(this ControlPlaneDb db, BillingAccount account, InvoiceDraft draft, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var note = new CreditNote
        {
            Id = CreditNoteId.New(clock),
            OrganizationId = account.OrganizationId,
            Number = await db.NextNumberAsync("CRN", clock.GetUtcNow(), cancel),
            Currency = draft.Currency,
            TotalMinor = -draft.TotalMinor,
            TaxMinor = -draft.TaxMinor,
            OffOpenMinor = 0,
            ToBalanceMinor = -draft.TotalMinor,
            RefundedMinor = 0,
            Reason = reason,
            Actor = by.Actor,
            IssuedAt = clock.GetUtcNow(),
        };
        db.CreditNotes.Add(note);
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("credit_note", note.Id.ToString(), note.IssuedAt, Memo: note.Number);
        await db.PostAsync(
            CustomerPostings.CreditNote(source, account.OrganizationId.ToString(), In(account, note.TotalMinor), In(account, note.TaxMinor), In(account, 0)), by, clock, cancel);
    }

    /// <summary>What the customer has to its credit, never below zero.</summary>
    public static async Task<long> ReadCustomerBalanceAsync(this ControlPlaneDb db, OrganizationId organization, string currency, CancellationToken cancel)
    {
        var (code, owner) = (AccountCode.CustomerBalance.ToText(), organization.ToString());
        var sum = await (from entry in db.Entries
                         join account in db.LedgerAccounts on entry.AccountId equals account.Id
                         where account.Code == code && account.PartyId == owner && account.Currency == currency
                         select entry.Amount).SumAsync(cancel);
        return Math.Max(0, -sum);
    }

    public static async Task<string?> FindResellerAsync(this ControlPlaneDb db, OrganizationId organization, DateTimeOffset at, CancellationToken cancel) =>
        await db.ResellerAttributions.Where(a => a.OrganizationId == organization && a.ValidFrom <= at && (a.ValidTo == null || a.ValidTo > at)).Select(a => a.ResellerId).SingleOrDefaultAsync(cancel);

    /// <summary>Without gaps: the row stays locked until the document's transaction ends, and a rolled back one gives its number back.</summary>
    public static async Task<string> NextNumberAsync(this ControlPlaneDb db, string kind, DateTimeOffset now, CancellationToken cancel)
    {
        var year = now.UtcDateTime.Year;
        var last = (await db.Database.SqlQuery<int>($"""
            INSERT INTO document_numbers (kind, year, last) VALUES ({kind}, {year}, 1)
            ON CONFLICT (kind, year) DO UPDATE SET last = document_numbers.last + 1 RETURNING last AS "Value"
            """).ToListAsync(cancel)).Single();
        return string.Create(CultureInfo.InvariantCulture, $"{kind}-{year}-{last:000000}");
    }

    static Money In(BillingAccount account, long minor) => new(minor, Currency.Parse(account.Currency));
}
