using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ControlPlane.Core.Resellers;

namespace Provisioner.Brands;

/// <summary>The operator's own brand, for customers that no reseller manages. Section <c>Provisioner:Brand</c>; without a name, job servers look as they are made.</summary>
sealed partial class OwnBrandOptions
{
    const int NameLengthMax = 60;

    public string? Name { get; set; }

    /// <summary>#rrggbb</summary>
    public string? Color { get; set; }

    /// <summary>A file with a PNG of at most 64 kB; read at start.</summary>
    public string? Logo { get; set; }

    /// <exception cref="InvalidOperationException">A job server would refuse it.</exception>
    internal InstanceBrand? Load()
    {
        if (string.IsNullOrWhiteSpace(Name))
            return null;
        if (Name.Length > NameLengthMax || Name.Any(char.IsControl))
            throw new InvalidOperationException($"Provisioner:Brand:Name has more than {NameLengthMax} characters, or some that cannot be shown.");
        if (Color is not null && !ColorPattern().IsMatch(Color))
            throw new InvalidOperationException("Provisioner:Brand:Color is written #rrggbb.");
        var logo = Logo is null ? null : File.ReadAllBytes(Logo);
        if (logo is not null && !WhiteLabel.IsLogo(logo))
            throw new InvalidOperationException($"Provisioner:Brand:Logo is a PNG of at most {WhiteLabel.LogoBytesMax} bytes.");
        var said = SHA256.HashData([.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Name}\n{Color}\n")), .. logo ?? []]);
        return new InstanceBrand($"own/{Convert.ToHexStringLower(said)[..16]}", Name, Color, logo);
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex ColorPattern();
}

/// <summary><see cref="OwnBrandOptions"/> as they were at start.</summary>
sealed record OwnBrand(InstanceBrand? Brand);
