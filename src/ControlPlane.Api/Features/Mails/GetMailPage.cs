using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Mails;

namespace ControlPlane.Api.Features.Mails;

/// <summary>GET /v1/operator/mails/{id}/page</summary>
static class GetMailPage
{
    // As any document of ours, and with the logo that is inside it.
    const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/mails/{id}/page", HandleAsync)
        .Describe("Operator", "get_mail_page", "See a mail as its reader does", "With the brand's logo and colours as they are now. Only what was not sent yet.")
        .AllowOperator(TokenScopes.Read)
        .Produces<string>(200, "text/html")
        .Refuses(ListMails.NotFound, ListMails.WasSent);

    static async Task<IResult> HandleAsync(string id, HttpContext http, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindMailAsync(id, cancel) is not { } mail)
            return (Answer<object>)ListMails.NotFound;
        if (mail.State == MailState.Sent)
            return (Answer<object>)ListMails.WasSent;
        var look = await db.InFleetAsync(() => db.ReadMailLookAsync(mail, MailLook.Own, cancel), cancel);
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Content(MailPage.Write(mail, look, look.Logo is { } png ? $"data:image/png;base64,{Convert.ToBase64String(png)}" : null), "text/html; charset=utf-8");
    }
}
