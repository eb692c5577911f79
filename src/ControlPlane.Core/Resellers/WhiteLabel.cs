using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers;

/// <summary>Under which name, colours and address a reseller's customers see the service.</summary>
public sealed class WhiteLabel
{
    public const int LogoBytesMax = 64 * 1024;
    static readonly byte[] pngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public required ResellerId ResellerId { get; init; }
    public required string Name { get; set; }

    /// <summary>PNG, at most <see cref="LogoBytesMax"/>; null for the service's own.</summary>
    public byte[]? Logo { get; set; }

    /// <summary>#rrggbb; null for the service's own.</summary>
    public string? PrimaryColor { get; set; }
    public string? AccentColor { get; set; }

    /// <summary>The host under which the portal shows this brand before anybody has signed in; of one reseller only.</summary>
    public string? Domain { get; set; }

    /// <summary>When a DNS record showed that the domain is the reseller's. Until then nothing is shown there.</summary>
    public DateTimeOffset? DomainVerifiedAt { get; set; }

    /// <summary>What the TXT record <c>_faktory.</c> of the domain must hold.</summary>
    public required string DomainProof { get; set; }

    /// <summary>Grows with each change: what shows the brand elsewhere knows by it that it shows an old one.</summary>
    public int Revision { get; set; }
    public string? SenderName { get; set; }
    public string? SenderAddress { get; set; }

    public static bool IsLogo(ReadOnlySpan<byte> bytes) => bytes.Length <= LogoBytesMax && bytes.StartsWith(pngSignature);
}
