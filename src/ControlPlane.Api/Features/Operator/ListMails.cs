using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operator;

/// <summary>GET /v1/operator/mails</summary>
static class ListMails
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/mails", HandleAsync)
        .Describe("Operator", "list_mails", "Read the captured mailbox", "Mails that were written here because no mail server is configured. Newest first.")
        .AllowOperator(TokenScopes.Read)
        .Answers<Page<MailResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<MailResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.Mails.AsNoTracking().ReadPageAsync(m => m.Id, page, cancel)).Select(m => new MailResource(m.Id.ToString(), m.At, m.To, m.Subject, m.Body));
}
