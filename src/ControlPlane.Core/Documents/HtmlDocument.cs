namespace ControlPlane.Core.Documents;

/// <summary>
/// An invoice or a statement as a page of its own: it looks the same on a screen, on paper and as PDF, and loads nothing from anywhere.
/// </summary>
/// <param name="Title">Also in the foot of every printed page.</param>
public sealed record HtmlDocument(string Title, Html Body)
{
    /// <summary>What a browser that is given this may do: show it.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    /// <summary>The same of a page with pictures inside it, such as a mail's logo.</summary>
    public const string ContentSecurityPolicyWithPictures = $"{ContentSecurityPolicy}; img-src data:";

    // Literal text: a stylesheet has braces of its own, and nothing in it comes from outside.
    const string Style = """
        @page { size: A4; margin: 20mm 16mm 22mm; @bottom-left { content: string(title); font-size: 8pt; color: #555 } @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #555 } }
        body { font: 10pt/1.45 "DejaVu Sans", "Liberation Sans", system-ui, sans-serif; color: #1d2433; max-width: 178mm; margin: 0 auto; padding: 8mm }
        @media print { body { padding: 0; max-width: none } }
        h1 { string-set: title content(); font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 7mm 0 2mm; break-after: avoid }
        header { display: flex; justify-content: space-between; gap: 10mm; border-bottom: 0.4mm solid #1d2433; padding-bottom: 4mm; margin-bottom: 5mm }
        address { font-style: normal; white-space: pre-line } .quiet { color: #555 } .mark { border: 0.3mm solid #b45309; color: #b45309; padding: 1mm 2mm; display: inline-block }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums } thead { display: table-header-group } tr { break-inside: avoid }
        th { text-align: left; font-weight: 600; border-bottom: 0.3mm solid #1d2433 } th, td { padding: 1mm 1.5mm; vertical-align: top } td { border-bottom: 0.1mm solid #d5d9e2; overflow-wrap: anywhere }
        .n { text-align: right; white-space: nowrap; overflow-wrap: normal } tr.sum td { font-weight: 600; border-top: 0.3mm solid #1d2433; border-bottom: 0 } code { font-size: 7.5pt }
        """;

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Html.Of($"{Title}")}</title><style>{Style}</style></head>
        <body>
        {Body}
        </body>
        </html>

        """;
}
