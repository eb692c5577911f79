using System.Net.Sockets;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Brands;

/// <summary>POST /v1/reseller/brand/verify-domain</summary>
static class VerifyDomain
{
    static readonly Problem NoDomain = new("domain_missing", 409, "Set a domain first.");
    static readonly Problem NotProven = new("domain_not_proven", 409, "The TXT record was not found, or holds something else. Set it, and try again when your name server shows it.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/brand/verify-domain", HandleAsync)
        .Describe("Resellers", "verify_domain", "Show that your brand's domain is yours", "Looks for a TXT record _faktory of the domain that holds `domain_proof`. Point the domain itself at the portal as well.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<WhiteLabelResource>(200)
        .Refuses(NoDomain, NotProven);

    static async Task<Answer<WhiteLabelResource>> HandleAsync(Caller caller, ResellerCaller by, IDomainProof proofs, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var label = await db.LoadOrBeginAsync(by, cancel);
        if (label.Domain is not { } domain)
            return NoDomain;
        try
        {
            if (!(await proofs.ReadAsync($"_faktory.{domain}", cancel)).Contains(label.DomainProof))
                return NotProven;
        }
        catch (SocketException)
        {
            return NotProven; // Nobody answers for that name.
        }
        label.DomainVerifiedAt ??= clock.GetUtcNow();
        db.Write(caller.Organization, caller.Actor, "reseller.domain_verified", by.Reseller.Id.ToString(), domain, clock);
        return label.ToResource();
    }
}
