using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Mails;

namespace ControlPlane.Api.Features.Mails;

/// <summary>GET /v1/operator/mails/{id}/page</summary>
static class GetMailPage
{
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
        return MailAnswer.Page(mail, await db.InFleetAsync(() => db.ReadMailLookAsync(mail, MailLook.Own, cancel), cancel), http);
    }
}
