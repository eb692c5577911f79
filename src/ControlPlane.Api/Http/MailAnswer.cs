using ControlPlane.Core.Documents;
using ControlPlane.Core.Mails;

namespace ControlPlane.Api.Http;

/// <summary>A mail as its reader sees it, as a page.</summary>
static class MailAnswer
{
    internal static IResult Page(Mail mail, MailLook look, HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = HtmlDocument.ContentSecurityPolicyWithPictures;
        return Results.Content(MailPage.Write(mail, look, look.Logo is { } png ? $"data:image/png;base64,{Convert.ToBase64String(png)}" : null), "text/html; charset=utf-8");
    }
}
