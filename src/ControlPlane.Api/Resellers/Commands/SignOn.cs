using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Resellers.Commands;

/// <param name="UserId">The platform's id of the person; the same person comes back as the same user.</param>
/// <param name="Name">What the audit log calls the person, for example an e-mail address on the platform.</param>
sealed record SignOnRequest(string UserId, string Name, Role Role = Role.Admin, string Path = "/");

/// <summary>
/// Lets somebody whom the platform vouches for into the portal, as a user of this integration alone: an e-mail address that the platform names never opens the account
/// that somebody else has here under it. Such a user has no password and is never an owner: who owns an organization proves that to us.
/// </summary>
sealed class SignOn(ControlPlaneDb db, UserManager<User> users, IOptions<ApiOptions> options, TimeProvider clock)
{
    /// <summary>In a transaction, or in one of its own.</summary>
    /// <returns>Where the browser is to go, within two minutes and once. Null where the resource is gone.</returns>
    internal async Task<Uri?> RunAsync(ResellerCaller by, ManagedResource resource, SignOnRequest request, CancellationToken cancel)
    {
        if (resource.ResellerId != by.Reseller.Id || !resource.IsLiving)
            return null;
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        await db.EnterOrganizationAsync(resource.OrganizationId, cancel);
        var user = await EnsureUserAsync(by, request, cancel);
        await EnsureMemberAsync(resource.OrganizationId, user, request.Role < Role.Owner ? request.Role : Role.Admin, cancel);
        var path = request.Path == "/" ? $"/instances/{resource.InstanceId}" : request.Path;
        var (ticket, secret) = SignOnTicket.Create(user.UserId, resource.OrganizationId, path, clock);
        db.SignOnTickets.Add(ticket);
        db.Write(resource.OrganizationId, by.For(resource.OrganizationId, "", null).Actor, "member.signed_on", user.UserId.ToString(), request.Name, clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        if (transaction is not null)
            await transaction.CommitAsync(CancellationToken.None);
        return new Uri(options.Value.PortalAddress, $"sign-on?ticket={secret}");
    }

    async Task<User> EnsureUserAsync(ResellerCaller by, SignOnRequest request, CancellationToken cancel)
    {
        var provider = by.Integration.Id.ToString();
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{provider} {request.UserId}"}, 13))", cancel);
        if (await users.FindByLoginAsync(provider, request.UserId) is { } known)
            return known;
        var id = UserId.New(clock);
        // An address that no mail reaches: the platform's word makes nobody the owner of a real one.
        var address = $"{id}@{provider}.invalid";
        var user = new User { Id = id.Value, Email = address, UserName = address, CreatedAt = clock.GetUtcNow(), LockoutEnabled = true };
        var made = await users.CreateAsync(user);
        if (!made.Succeeded)
            throw new InvalidOperationException($"a user of {provider} could not be made: {made.Errors.First().Code}");
        await users.AddLoginAsync(user, new UserLoginInfo(provider, request.UserId, request.Name));
        return user;
    }

    async Task EnsureMemberAsync(OrganizationId organization, User user, Role role, CancellationToken cancel)
    {
        var person = user.UserId;
        if (await db.Memberships.SingleOrDefaultAsync(m => m.OrganizationId == organization && m.UserId == person, cancel) is { } member)
            member.Role = role;
        else
            db.Memberships.Add(new Membership { OrganizationId = organization, UserId = person, Role = role, JoinedAt = clock.GetUtcNow() });
    }
}
