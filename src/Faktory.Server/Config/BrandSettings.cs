using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using Faktory.Server.Ui.Brands;

namespace Faktory.Server.Config;

/// <summary>Under whose name the web UI is shown: <c>brand</c> of the instance file.</summary>
/// <param name="Name">1 to <see cref="NameLengthMax"/> characters, none of them a control character.</param>
/// <param name="Color">#rrggbb; null keeps the UI's own colours.</param>
/// <param name="Logo">A PNG of at most <see cref="LogoBytesMax"/> as <c>data:image/png;base64,…</c>; null for none. Other addresses are refused: pages load nothing from elsewhere.</param>
sealed partial record BrandSettings(string? Name, string? Color = null, string? Logo = null)
{
    internal const int NameLengthMax = 60;
    internal const int LogoBytesMax = 64 * 1024;

    const string LogoPrefix = "data:image/png;base64,";
    static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ConfigurationException">A part of it cannot be shown.</exception>
    internal static Brand? Read(BrandSettings? settings)
    {
        if (settings is null)
            return null;
        if (settings.Name is not { Length: > 0 and <= NameLengthMax } name || string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
            throw new ConfigurationException($"brand.name has 1 to {NameLengthMax} characters that can be shown");
        if (settings.Color is { } color && !ColorPattern().IsMatch(color))
            throw new ConfigurationException("brand.color is written #rrggbb");
        return new Brand(name, settings.Color, ReadLogo(settings.Logo));
    }

    static byte[]? ReadLogo(string? logo)
    {
        if (logo is null)
            return null;
        if (!logo.StartsWith(LogoPrefix, StringComparison.Ordinal) || Base64.GetMaxDecodedFromUtf8Length(logo.Length - LogoPrefix.Length) > LogoBytesMax + 2)
            throw LogoRefused();
        var text = Encoding.UTF8.GetBytes(logo[LogoPrefix.Length..]);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length > LogoBytesMax || !bytes.AsSpan(0, length).StartsWith(PngSignature))
            throw LogoRefused();
        return bytes[..length];
    }

    static ConfigurationException LogoRefused() => new($"brand.logo is a PNG of at most {LogoBytesMax} bytes, written {LogoPrefix}…");

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex ColorPattern();
}
