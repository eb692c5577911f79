using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Identity;

/// <summary>A bearer token of an organization. The secret is shown once; only its SHA-256 is kept.</summary>
public sealed class ApiToken
{
    public const string SecretPrefix = "fct_";

    public required TokenId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Who made it; what it may do is never more than what that person may do.</summary>
    public required UserId UserId { get; init; }
    public required string Name { get; init; }

    /// <summary>The first characters of the secret, by which people tell tokens apart.</summary>
    public required string Prefix { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>Any of <see cref="TokenScopes"/>; empty means everything that its owner's role allows.</summary>
    public required List<string> Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>A new token and its secret of 256 random bits.</summary>
    public static (ApiToken Token, string Secret) Create(OrganizationId organization, UserId user, string name, IEnumerable<string> scopes, TimeSpan livesFor, TimeProvider clock)
    {
        var secret = SecretPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        var token = new ApiToken
        {
            Id = TokenId.New(clock),
            OrganizationId = organization,
            UserId = user,
            Name = name,
            Prefix = secret[..10],
            SecretHash = Hash(secret),
            Scopes = [.. scopes],
            CreatedAt = now,
            ExpiresAt = now + livesFor,
        };
        return (token, secret);
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>What a token can be narrowed to.</summary>
public static class TokenScopes
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Credentials = "credentials";

    /// <summary>Money is read and changed by tokens that were given that.</summary>
    public const string BillingRead = "billing:read";
    public const string BillingWrite = "billing:write";
    public const string PayoutApprove = "payout:approve";

    /// <summary>What a reseller's staff do for its customers.</summary>
    public const string ResellerRead = "reseller:read";
    public const string ResellerWrite = "reseller:write";

    /// <summary>No right but a fence: a reseller's token that has it works in the sandbox alone. Given with the other scopes when a key is made.</summary>
    public const string ResellerSandbox = "reseller:sandbox";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Credentials, BillingRead, BillingWrite, PayoutApprove, ResellerRead, ResellerWrite];
}
