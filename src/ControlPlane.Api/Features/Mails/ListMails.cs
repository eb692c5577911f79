using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Mails;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Mails;

/// <summary>GET /v1/operator/mails</summary>
static class ListMails
{
    internal static readonly Problem NotFound = new("mail_not_found", 404, "There is no mail with this id. What was sent is kept for a while only.");
    internal static readonly Problem WasSent = new("mail_sent", 409, "The mail server took this mail, and its text is not kept. Ask there where it is.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/mails", HandleAsync)
        .Describe("Operator", "list_mails", "List mails", "Whom they are to and how far they have come, newest first. The text is there until it was sent: links in it open accounts. Without a mail server all of them wait here.")
        .AllowOperator(TokenScopes.Read)
        .Answers<Page<MailResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<MailResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.Mails.AsNoTracking().ReadPageAsync(m => m.Id, page, cancel)).Select(ToResource);

    internal static async Task<Mail?> FindMailAsync(this ControlPlaneDb db, string id, CancellationToken cancel) =>
        MailId.TryParse(id, out var mailId) ? await db.Mails.SingleOrDefaultAsync(m => m.Id == mailId, cancel) : null;

    internal static MailResource ToResource(this Mail mail) => new(
        mail.Id.ToString(), mail.At, mail.To, mail.Subject, mail.Body, mail.State.ToText(), mail.SenderName, mail.From, mail.ReplyTo, mail.Tries, mail.NextTryAt, mail.SentAt, mail.Error);
}
