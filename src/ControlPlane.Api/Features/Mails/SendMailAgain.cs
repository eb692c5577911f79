using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Mails;

/// <summary>POST /v1/operator/mails/{id}/send</summary>
static class SendMailAgain
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/mails/{id}/send", HandleAsync)
        .Describe("Operator", "send_mail", "Send a mail now", "One that was given up, or that waits for its next try or for a mail server.")
        .AllowOperator(TokenScopes.Write)
        .Answers<MailResource>(200)
        .Refuses(ListMails.NotFound, ListMails.WasSent);

    static async Task<Answer<MailResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindMailAsync(id, cancel) is not { } mail)
            return ListMails.NotFound;
        if (!mail.SendAgain(clock.GetUtcNow()))
            return ListMails.WasSent;
        db.Write(null, caller.OperatorActor, "mail.sent_again", id, $"to {mail.To}", clock);
        return mail.ToResource();
    }
}
