using System.Globalization;
using System.Text.RegularExpressions;

namespace ControlPlane.Web.Http;

/// <summary>GET /brand.css?primary=0b7285&amp;accent=862e9c: a brand's colours, as a stylesheet of this host, since pages allow no other style. It takes colours and nothing else.</summary>
static partial class BrandStyle
{
    const double Darker = 0.82;
    const double LighterForDark = 0.35;

    public static void MapBrandStyle(this IEndpointRouteBuilder routes) => routes.MapGet("/brand.css", Handle);

    /// <returns>Null where the brand has no colours.</returns>
    public static string? AddressOf(string? primary, string? accent) =>
        primary is null && accent is null ? null : $"/brand.css?primary={(primary ?? "").TrimStart('#')}&accent={(accent ?? "").TrimStart('#')}";

    static IResult Handle(string? primary, string? accent, HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(Write(primary ?? "", accent ?? ""), "text/css; charset=utf-8");
    }

    internal static string Write(string primary, string accent)
    {
        var css = "";
        if (Color().IsMatch(primary))
        {
            var (r, g, b) = Parse(primary);
            var (light, dark) = ((r, g, b), (Mix(r), Mix(g), Mix(b)));
            css += Rule(":root, [data-bs-theme=\"light\"]", light, light) + Rule("[data-bs-theme=\"dark\"]", light, dark);
        }
        if (Color().IsMatch(accent))
            css += $":root, [data-bs-theme=\"light\"], [data-bs-theme=\"dark\"] {{ --chart-2: #{accent}; }}\n";
        return css;
    }

    static string Rule(string where, (int R, int G, int B) button, (int R, int G, int B) link) => string.Create(CultureInfo.InvariantCulture,
        $"{where} {{ --tblr-primary: {Text(button)}; --tblr-primary-darken: {Text(Dark(button))}; --tblr-primary-rgb: {button.R}, {button.G}, {button.B}; --tblr-link-color: {Text(link)}; --tblr-link-hover-color: {Text(Dark(link))}; --chart-1: {Text(link)}; }}\n");

    static (int R, int G, int B) Parse(string hex) => (Part(hex, 0), Part(hex, 2), Part(hex, 4));

    static int Part(string hex, int at) => int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static (int R, int G, int B) Dark((int R, int G, int B) c) => ((int)(c.R * Darker), (int)(c.G * Darker), (int)(c.B * Darker));

    static int Mix(int part) => (int)(part + (255 - part) * LighterForDark);

    static string Text((int R, int G, int B) c) => $"#{c.R:x2}{c.G:x2}{c.B:x2}";

    [GeneratedRegex("^[0-9a-fA-F]{6}$")]
    private static partial Regex Color();
}
