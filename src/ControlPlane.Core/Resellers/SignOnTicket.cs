using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers;

/// <summary>A link, good once and for two minutes, by which somebody whom a reseller's platform knows enters the portal. Only the SHA-256 of its secret is kept.</summary>
public sealed class SignOnTicket
{
    public static readonly TimeSpan LivesFor = TimeSpan.FromMinutes(2);

    public required byte[] SecretHash { get; init; }
    public required UserId UserId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Where in the portal it leads.</summary>
    public required string Path { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }

    public static (SignOnTicket Ticket, string Secret) Create(UserId user, OrganizationId organization, string path, TimeProvider clock)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new SignOnTicket { SecretHash = Hash(secret), UserId = user, OrganizationId = organization, Path = path, ExpiresAt = clock.GetUtcNow() + LivesFor }, secret);
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
