using System.Globalization;

namespace Faktory.Server.Ui.Brands;

/// <summary>
/// Makes the UI's accent colours of one colour that somebody chose without them in mind: darker or lighter until they can be read, as WCAG 2.2 computes it
/// (1.4.3: 4.5 to 1), on cards and on their own soft shade, in the light and in the dark theme.
/// </summary>
static class BrandColors
{
    const double ContrastMin = 4.5;
    const double Step = 0.04;

    static readonly Rgb White = new(255, 255, 255), Black = new(0, 0, 0), LightPage = new(0xf4, 0xf6, 0xf6), DarkPage = new(0x12, 0x18, 0x1a), DarkCard = new(0x1a, 0x23, 0x26);

    readonly record struct Rgb(double R, double G, double B)
    {
        internal Rgb Toward(Rgb other, double part) => new(R + (other.R - R) * part, G + (other.G - G) * part, B + (other.B - B) * part);

        /// <summary>As it is written, and so as it is seen.</summary>
        internal Rgb Rounded() => new(Math.Round(R), Math.Round(G), Math.Round(B));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{(int)R:x2}{(int)G:x2}{(int)B:x2}");
    }

    /// <param name="color">#rrggbb</param>
    internal static string Write(string color)
    {
        var (light, dark) = (Readable(Parse(color), Black, LightSoft, LightPage), Readable(Parse(color), White, DarkSoft, DarkCard));
        return $$"""
            :root {
              --accent: light-dark({{light}}, {{dark}});
              --accent-soft: light-dark({{LightSoft(light)}}, {{DarkSoft(dark)}});
              --on-accent: light-dark({{On(light)}}, {{On(dark)}});
            }

            """;
    }

    /// <summary>How well one colour is read on the other: 1 to 21.</summary>
    internal static double Contrast(string one, string other) => Contrast(Parse(one), Parse(other));

    static Rgb Readable(Rgb color, Rgb end, Func<Rgb, Rgb> soft, Rgb ground)
    {
        var (at, part) = (color, 0.0);
        while (part < 1 && (Contrast(at, soft(at)) < ContrastMin || Contrast(at, ground) < ContrastMin))
            at = color.Toward(end, part = Math.Min(1, part + Step)).Rounded();
        return at;
    }

    static Rgb LightSoft(Rgb accent) => White.Toward(accent, 0.12).Rounded();

    static Rgb DarkSoft(Rgb accent) => DarkPage.Toward(accent, 0.22).Rounded();

    static Rgb On(Rgb accent) => Contrast(accent, White) >= ContrastMin ? White : Black;

    static double Contrast(Rgb one, Rgb other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    // WCAG 2.2, relative luminance.
    static double Luminance(Rgb color) => 0.2126 * Linear(color.R) + 0.7152 * Linear(color.G) + 0.0722 * Linear(color.B);

    static double Linear(double part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : Math.Pow((part / 255 + 0.055) / 1.055, 2.4);

    static Rgb Parse(string hex) => new(Part(hex, 1), Part(hex, 3), Part(hex, 5));

    static int Part(string hex, int at) => int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
