using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>Those whom Vercel has vouched for at a resource. Who came by an invitation is nobody of Vercel's.</summary>
static class VercelPeople
{
    /// <summary>What somebody may do here who has this role in the team there. Nobody becomes an owner that way.</summary>
    internal static Role RoleOf(string? role) => role == "ADMIN" ? Role.Admin : Role.Developer;

    /// <summary>In the resource's own scope.</summary>
    /// <param name="person">Vercel's id of one of them; all when null.</param>
    internal static async Task<IReadOnlyList<UserId>> ReadPeopleAsync(this ControlPlaneDb db, ResellerCaller by, string? person, CancellationToken cancel)
    {
        var provider = by.Integration.Id.ToString();
        var members = (await db.Memberships.Select(m => m.UserId).ToListAsync(cancel)).Select(m => m.Value).ToList();
        var users = await db.UserLogins.Where(l => l.LoginProvider == provider && members.Contains(l.UserId) && (person == null || l.ProviderKey == person)).Select(l => l.UserId).ToListAsync(cancel);
        return [.. users.Select(u => new UserId(u))];
    }

    /// <summary>A person is something else in a team of Vercel's from now on, and so at all that the team has here.</summary>
    /// <param name="role">Null for nobody any more.</param>
    internal static async Task ChangePersonAsync(this ControlPlaneDb db, ResellerCaller by, string installation, string person, Role? role, CancellationToken cancel)
    {
        foreach (var record in await db.ReadResourcesAsync(by, installation, cancel))
        {
            if (await db.FindResourceAsync(by, record.ExternalId, cancel) is not { } resource)
                continue;
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.EnterOrganizationAsync(resource.OrganizationId, cancel);
            var people = await db.ReadPeopleAsync(by, person, cancel);
            var theirs = db.Memberships.Where(m => people.Contains(m.UserId));
            if (role is { } given)
                await theirs.ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, given), cancel);
            else
                await theirs.ExecuteDeleteAsync(cancel);
            await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }
}
