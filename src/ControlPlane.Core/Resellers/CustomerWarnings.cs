using System.Globalization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Mails;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers;

/// <summary>Telling a reseller's customers, once, that they may take over what is theirs, before anything of it stops.</summary>
public static class CustomerWarnings
{
    /// <summary>Adds a mail to each customer's owners to what the caller saves. In the fleet's scope; who was warned is not warned again.</summary>
    /// <returns>How many mails.</returns>
    public static async Task<int> WarnCustomersAsync(this ControlPlaneDb db, Reseller reseller, TakeOverOffer offer, TimeProvider clock, CancellationToken cancel)
    {
        if (reseller.CustomersWarnedAt is not null)
            return 0;
        var now = clock.GetUtcNow();
        reseller.CustomersWarnedAt = now;
        var mails = 0;
        foreach (var customer in await db.ResellerCustomers.AsNoTracking().Where(c => c.ResellerId == reseller.Id && c.EndedAt == null && !c.IsSandbox).OrderBy(c => c.OrganizationId).ToListAsync(cancel))
        {
            var organization = customer.OrganizationId.Value;
            var owners = await db.Database.SqlQuery<string>($"SELECT email AS \"Value\" FROM owner_emails({organization})").ToListAsync(cancel);
            var to = owners.Count > 0 ? owners : customer.OwnerEmail is { } invited ? [invited] : [];
            // Ours, not under the reseller's name: it is we who say this, and what its domain shows is the reseller's to decide.
            foreach (var address in to)
                db.Mails.Add(MailBrand.Own.Write(address, "You may take your job queues over", Body(reseller, offer, now), "Take your organization over", clock, now));
            mails += to.Count;
        }
        return mails;
    }

    static string Body(Reseller reseller, TakeOverOffer offer, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        {reseller.Name}, through whom your job queues came, cannot go on as before. Nothing of yours has stopped, and whatever {reseller.Name} pays for goes on until {(now + offer.StopsAfter).UtcDateTime:d MMMM yyyy} at least.

        You can take your organization over, with everything in it, by paying for it yourself from now on. Addresses, passwords and jobs stay as they are:

        {new Uri(offer.PortalAddress, "organization/reseller")}

        If you do nothing, and {reseller.Name} settles what is open, everything goes on by itself.
        """);
}
