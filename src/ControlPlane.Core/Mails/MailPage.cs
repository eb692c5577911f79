using System.Globalization;
using ControlPlane.Core.Documents;

namespace ControlPlane.Core.Mails;

/// <summary>
/// A mail as people see it whose program shows HTML: a brand's logo and colour, the words of the text, and its link as a button. It loads nothing from anywhere; styles stand at
/// each element, and tables give the widths, since that is what mail programs agree on.
/// </summary>
public static class MailPage
{
    const string OwnColor = "#3451d1";

    /// <param name="logo">Where the logo is: <c>cid:…</c> in a mail, <c>data:…</c> on a page; null for none.</param>
    public static string Write(Mail mail, MailLook look, string? logo)
    {
        var color = look.Color ?? OwnColor;
        var bar = $"max-width:560px;background:#ffffff;border-top:4px solid {color}";
        var head = logo is null
            ? Html.Of($"""<strong style="font-size:18px">{look.Name}</strong>""")
            : Html.Of($"""<img src="{logo}" alt="{look.Name}" height="40" style="height:40px;max-width:280px;border:0;font-size:18px;font-weight:bold">""");
        return "<!DOCTYPE html>\n" + Html.Of($"""
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>{mail.Subject}</title></head>
            <body style="margin:0;background:#f4f6f6;color:#1d2433;font:16px/1.5 'Segoe UI',Helvetica,Arial,sans-serif">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f6f6"><tr><td align="center" style="padding:24px 12px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="{bar}">
            <tr><td style="padding:24px 28px 0">{head}</td></tr>
            <tr><td style="padding:16px 28px 24px">
            <h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{mail.Subject}</h1>
            {mail.Body.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(paragraph => Paragraph(paragraph, mail.Button, color))}
            </td></tr>
            </table>
            </td></tr></table>
            </body>
            </html>

            """);
    }

    static Html Paragraph(string text, string? button, string color)
    {
        if (text.Any(char.IsWhiteSpace) || !Uri.TryCreate(text, UriKind.Absolute, out var link) || link.Scheme is not ("https" or "http"))
            return Html.Of($"""<p style="margin:0 0 14px">{text}</p>""");
        var style = $"display:inline-block;padding:11px 20px;border-radius:6px;background:{color};color:{On(color)};font-weight:bold;text-decoration:none";
        return Html.Of($"""
            <p style="margin:20px 0 8px"><a href="{text}" style="{style}">{button ?? "Open"}</a></p>
            <p style="margin:0 0 20px;font-size:13px;color:#555f6d;word-break:break-all">{text}</p>
            """);
    }

    /// <summary>White where it can be read on the colour as WCAG 2.2 asks (1.4.3: 4.5 to 1), black otherwise; one of the two always can.</summary>
    internal static string On(string color) => 1.05 / (Luminance(color) + 0.05) >= 4.5 ? "#ffffff" : "#000000";

    // WCAG 2.2, relative luminance.
    static double Luminance(string color) => 0.2126 * Linear(color, 1) + 0.7152 * Linear(color, 3) + 0.0722 * Linear(color, 5);

    static double Linear(string color, int at)
    {
        var part = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
