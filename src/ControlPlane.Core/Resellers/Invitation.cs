using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Core.Resellers;

/// <summary>A link in a mail by which somebody becomes a member of an organization. Only the SHA-256 of its secret is kept.</summary>
public sealed class Invitation
{
    public static readonly TimeSpan LivesFor = TimeSpan.FromDays(14);

    public required InvitationId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required string Email { get; init; }
    public required Role Role { get; init; }
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? AcceptedAt { get; set; }

    public static (Invitation Invitation, string Secret) Create(OrganizationId organization, string email, Role role, TimeProvider clock)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        var invitation = new Invitation
        {
            Id = InvitationId.New(clock),
            OrganizationId = organization,
            Email = email,
            Role = role,
            SecretHash = Hash(secret),
            CreatedAt = now,
            ExpiresAt = now + LivesFor,
        };
        return (invitation, secret);
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
