using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Brands;

/// <summary>GET /v1/reseller/brand</summary>
static class GetWhiteLabel
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/brand", HandleAsync)
        .Describe("Resellers", "get_white_label", "See your brand", "Before you set one, your name without colours.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<WhiteLabelResource>(200);

    static async Task<Answer<WhiteLabelResource>> HandleAsync(ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) => (await db.LoadOrBeginAsync(by, cancel)).ToResource();

    /// <summary>The one that there is, or a new one that nobody has saved.</summary>
    internal static async Task<WhiteLabel> LoadOrBeginAsync(this ControlPlaneDb db, ResellerCaller by, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        return await db.WhiteLabels.SingleOrDefaultAsync(l => l.ResellerId == reseller, cancel)
            ?? new WhiteLabel { ResellerId = reseller, Name = by.Reseller.Name, DomainProof = $"faktory-{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))}" };
    }
}
