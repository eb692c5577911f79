using System.Globalization;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Mails;

namespace ControlPlane.Core.Billing.Dunning;

/// <summary>What a customer is told at each step: what happened, what happens next and when, and what to do.</summary>
static class DunningLetters
{
    /// <summary>Under the name of the reseller that manages the account's organization, where one does.</summary>
    internal static async Task WriteAsync(this ControlPlaneDb db, BillingAccount account, Letter letter, Uri portal, DateTimeOffset now, TimeProvider clock, CancellationToken cancel)
    {
        var brand = await db.ReadMailBrandAsync(account.OrganizationId, cancel);
        db.Mails.Add(brand.Write(account.Email, letter.Subject, $"{letter.Body}\n\n{brand.Link(portal, "billing")}", "Look at Billing", clock, now));
    }

    internal static Letter About(DunningState state, BillingAccount account, Invoice? oldest, DunningDays days, DateTimeOffset? overdueSince)
    {
        var owed = oldest is null ? "" : $"Invoice {oldest.Number} of {Day(oldest.IssuedAt)}: {new Money(oldest.OpenMinor, Currency.Parse(oldest.Currency))} are open, due since {Day(oldest.DueAt)}.\n\n";
        const string pay = "Pay it, and everything goes on by itself: the invoice with its payment details is on the portal under Billing.";
        return state switch
        {
            DunningState.PastDue => new("An invoice is overdue", $"{owed}Nothing has changed yet. From {Day(overdueSince!.Value.AddDays(days.Grace))} on, no new instances and no larger plans can be started. {pay}"),
            DunningState.Restricted => new("No new instances until an invoice is paid",
                $"{owed}What runs goes on running. On {Day(overdueSince!.Value.AddDays(days.UntilSuspension))} your instances will be stopped. {pay}"),
            DunningState.Suspended => new("Your instances are being stopped",
                $"{owed}A backup is taken first. Data, names, addresses and passwords are kept for at least {days.UntilDeletionIsScheduled + days.UntilDeletion} days; jobs that workers held are given out again after a restart. {pay}"),
            DunningState.DeletionScheduled => new("Your instances will be deleted", $"{owed}They are deleted on {Day(account.DeletionAt!.Value)}. {pay}"),
            DunningState.Deleted => new("Your instances were deleted", $"Their last backups are kept until {Day(account.DeletionAt!.Value.AddDays(days.UntilPurge))}. Ask us before then if you want them back."),
            DunningState.Current => new("Thank you: everything goes on", "Nothing is overdue any more. Instances that were stopped are being started."),
            _ => new("The last backups were deleted", "Nothing of your instances is kept any more."),
        };
    }

    internal static Letter Warning(BillingAccount account, int daysLeft) => new(
        string.Create(CultureInfo.InvariantCulture, $"Your instances will be deleted in {daysLeft} {(daysLeft == 1 ? "day" : "days")}"),
        $"An invoice is still open, and they are deleted on {Day(account.DeletionAt!.Value)} with all their jobs. Pay it before then, and they are started again.");

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}

sealed record Letter(string Subject, string Body);
