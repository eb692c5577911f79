using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Api.Rules;

/// <summary>A person with an organization of their own: what a sign-up makes, and what the operator starts with.</summary>
sealed class NewAccount(UserManager<User> users, ControlPlaneDb db, TimeProvider clock)
{
    internal static readonly Problem EmailTaken = new("email_taken", 409, "There is an account with this e-mail address already. Sign in, or reset the password.");
    internal static readonly Problem EmailInvalid = new("invalid_email", 400, "This is not an e-mail address. Enter one like name@example.com.");
    internal static readonly Problem PasswordInvalid = new("invalid_password", 400, "A password has 10 to 128 characters. Choose a longer one, for example a few words.");
    internal static readonly Problem PasswordTooCommon = new("password_too_common", 400, "This password is one of the first that an attacker tries. Choose another, for example a few words.");
    internal static readonly Problem[] Refusals = [EmailTaken, EmailInvalid, PasswordInvalid, PasswordTooCommon];
    static readonly TimeSpan TokenLivesFor = TimeSpan.FromDays(365);

    internal async Task<(User? User, Problem? Refusal)> AddUserAsync(string email, string password, bool isOperator)
    {
        if (email.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
            return (null, EmailInvalid);
        var user = new User { Id = UserId.New(clock).Value, Email = email, UserName = email, CreatedAt = clock.GetUtcNow(), IsOperator = isOperator, LockoutEnabled = true };
        try
        {
            var result = await users.CreateAsync(user, password);
            return result.Succeeded ? (user, null) : (null, Refuse(result));
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody signed up with the same address at the same moment.
            return (null, EmailTaken);
        }
    }

    /// <summary>The refusal behind what Identity says about an address or a password.</summary>
    internal static Problem Refuse(IdentityResult result) => result.Errors.First().Code switch
    {
        nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName) => EmailTaken,
        nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) => EmailInvalid,
        CommonPasswords.ErrorCode => PasswordTooCommon,
        nameof(IdentityErrorDescriber.PasswordTooShort) => PasswordInvalid,
        var code => throw new InvalidOperationException($"Identity refused for an unexpected reason: {code}"),
    };

    /// <summary>Adds the organization that the person owns, and enters it; the caller saves.</summary>
    internal async Task<Organization> AddOrganizationAsync(User user, string name, string? ipAddress, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var organization = new Organization { Id = OrganizationId.New(clock), Name = name, CreatedAt = now };
        await db.EnterOrganizationAsync(organization.Id, cancel);
        db.Organizations.Add(organization);
        db.Memberships.Add(new Membership { OrganizationId = organization.Id, UserId = user.UserId, Role = Role.Owner, JoinedAt = now });
        db.Write(organization.Id, new Actor(ActorKind.User, user.UserId.ToString(), user.Email!, ipAddress), "organization.created", organization.Id.ToString(), $"name {name}", clock);
        return organization;
    }

    /// <summary>Adds a token with all rights in the organization, and gives its secret.</summary>
    internal string AddFirstToken(User user, Organization organization)
    {
        var (token, secret) = ApiToken.Create(organization.Id, user.UserId, "First token", [], TokenLivesFor, clock);
        db.ApiTokens.Add(token);
        return secret;
    }

    internal static UserResource ToResource(User user) => new(user.UserId.ToString(), user.Email!, user.CreatedAt);
}
