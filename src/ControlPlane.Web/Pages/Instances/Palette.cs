using ControlPlane.Client;
using ControlPlane.Web.Components.Layout;
using ControlPlane.Web.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Web.Pages.Instances;

/// <summary>GET /palette: the instances, as items of the command menu.</summary>
static class Palette
{
    public static void MapPalette(this IEndpointRouteBuilder routes) => routes.MapGet("/palette", Handle).RequireAuthorization();

    static async Task<IResult> Handle(ControlPlaneClient api)
    {
        var page = await api.ListInstancesAsync().AsReply();
        return new RazorComponentResult<PaletteInstances>(new { Instances = page.Value?.Items ?? [] });
    }
}
