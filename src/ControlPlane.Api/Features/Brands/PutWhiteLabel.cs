using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Brands;

/// <summary>PUT /v1/reseller/brand</summary>
static class PutWhiteLabel
{
    static readonly Problem LogoInvalid = new("invalid_logo_png", 400, "A logo is a PNG of at most 64 kB, in base64.");
    static readonly Problem DomainTaken = new("domain_taken", 409, "Another reseller shows its brand under this domain. Choose another one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/reseller/brand", HandleAsync)
        .Describe("Resellers", "put_white_label", "Set your brand",
            "Name, logo and colours are seen by your customers at the portal, in the web UI of the instances that you manage within moments, and by your name in mails. A new domain shows them once POST /v1/reseller/brand/verify-domain has found the TXT record.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new PutBrandRequest("Resale Queues", PrimaryColor: "#0b7285", Domain: "queues.resale.example", SenderName: "Resale Queues", SenderAddress: "queues@resale.example"))
        .Answers<WhiteLabelResource>(200)
        .Refuses(LogoInvalid, DomainTaken);

    static async Task<Answer<WhiteLabelResource>> HandleAsync(PutBrandRequest request, Caller caller, ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var label = await db.LoadOrBeginAsync(by, cancel);
        if (request.LogoPng is { Length: > 0 } base64)
        {
            if (!TryReadPng(base64, out var png))
                return LogoInvalid;
            label.Logo = png;
        }
        else if (request.LogoPng is { Length: 0 })
            label.Logo = null;
        if (request.Domain is { } domain && await db.InFleetAsync(() => db.WhiteLabels.AnyAsync(l => l.Domain == domain && l.ResellerId != label.ResellerId, cancel), cancel))
            return DomainTaken;
        if (request.Domain != label.Domain)
            (label.Domain, label.DomainVerifiedAt) = (request.Domain, null);
        (label.Name, label.PrimaryColor, label.AccentColor, label.SenderName, label.SenderAddress) = (request.Name.Trim(), request.PrimaryColor, request.AccentColor, request.SenderName, request.SenderAddress);
        label.Revision++;
        if (db.Entry(label).State == EntityState.Detached)
            db.WhiteLabels.Add(label);
        db.Write(caller.Organization, caller.Actor, "reseller.brand_changed", by.Reseller.Id.ToString(), $"name {label.Name}, domain {label.Domain ?? "none"}", clock);
        return label.ToResource();
    }

    static bool TryReadPng(string base64, out byte[] png)
    {
        png = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, png, out var length) || !WhiteLabel.IsLogo(png.AsSpan(0, length)))
            return false;
        png = png[..length];
        return true;
    }
}
