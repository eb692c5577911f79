using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Features.Plans;

/// <summary>GET /v1/add-ons</summary>
static class ListAddOns
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/add-ons", HandleAsync)
        .Describe("Plans", "list_add_ons", "List what can be added to an instance", "Public, with prices.")
        .AllowEverybody()
        .Answers<Page<AddOnResource>>(200);

    static async Task<Answer<Page<AddOnResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new Page<AddOnResource>([.. (await db.ReadCatalogueAsync(cancel)).Where(o => o.Plan is { IsPublic: true, IsAddOn: true }).Select(o => o.ToAddOn())], null);
}
