using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Mails;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Brands;

/// <summary>GET /v1/reseller/brand/mail</summary>
static class PreviewMail
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/brand/mail", HandleAsync)
        .Describe("Resellers", "preview_mail", "See a mail under your brand", "The invitation that the owner of a new customer gets, as a page; its link leads nowhere.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Produces<string>(200, "text/html");

    static async Task<IResult> HandleAsync(ResellerCaller by, HttpContext http, ControlPlaneDb db, IOptions<ApiOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        var label = await db.LoadOrBeginAsync(by, cancel);
        var (invitation, _) = Invitation.Create(by.Reseller.OrganizationId, "owner@acme.example", Role.Owner, clock);
        var mail = OwnerInvitations.Write(MailBrand.Of(by.Reseller, label), "Acme", invitation, "example", options.Value.PortalAddress, clock);
        return MailAnswer.Page(mail, new MailLook(label.Name, label.PrimaryColor, label.Logo), http);
    }
}
