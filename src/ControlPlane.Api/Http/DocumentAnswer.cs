using System.Text;
using ControlPlane.Core.Documents;

namespace ControlPlane.Api.Http;

/// <summary>A file instead of JSON.</summary>
static class DocumentAnswer
{
    internal static readonly Problem PdfUnavailable = new("pdf_unavailable", 503, "No PDF can be made at the moment. Take the same document as HTML, and print that.");

    /// <summary>csv, html, pdf or json: what the path ends with, or else what the Accept header names first.</summary>
    internal static string FormatOf(HttpRequest request, ref string lastSegment)
    {
        if (lastSegment.LastIndexOf('.') is var dot and > 0)
        {
            var extension = lastSegment[(dot + 1)..].ToLowerInvariant();
            lastSegment = lastSegment[..dot];
            return extension;
        }
        foreach (var accepted in request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1))
        {
            switch (accepted.MediaType.Value)
            {
                case "text/csv": return "csv";
                case "text/html": return "html";
                case "application/pdf": return "pdf";
                case "application/json": return "json";
            }
        }
        return "json";
    }

    internal static IResult Csv(string text, string name) => Results.File(Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", name + ".csv");

    internal static IResult Html(HtmlDocument document, HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = HtmlDocument.ContentSecurityPolicy;
        return Results.Content(document.ToString(), "text/html; charset=utf-8");
    }

    internal static async Task<IResult> PdfAsync(HtmlDocument document, string name, PdfWriter pdf, ILogger logger, CancellationToken cancel)
    {
        try
        {
            return Results.File(await pdf.WriteAsync(document, cancel), "application/pdf", name + ".pdf");
        }
        catch (PdfUnavailableException reason)
        {
            DocumentLogs.LogUnavailable(logger, reason.Message);
            return (Answer<object>)PdfUnavailable;
        }
    }
}

static partial class DocumentLogs
{
    [LoggerMessage(LogLevel.Warning, "A PDF could not be made: {Reason}.")]
    internal static partial void LogUnavailable(ILogger logger, string reason);
}
