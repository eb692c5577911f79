using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Resellers;

/// <summary>GET …/manifest.json: what an add-on is registered with at its platform, without secrets; the reseller's own, and for the operator everybody's.</summary>
static class Manifests
{
    static readonly JsonSerializerOptions readable = new() { WriteIndented = true };

    internal static string Write(JsonElement manifest) => JsonSerializer.Serialize(manifest, readable);

    public static void MapManifests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reseller/platforms/{id}/manifest.json", (string id, ControlPlaneClient api, CancellationToken cancel) => AnswerAsync(api.GetIntegrationAsync(Uri.EscapeDataString(id), cancel))).RequireAuthorization();
        routes.MapGet("/operator/integrations/{id}/manifest.json", (string id, ControlPlaneClient api, CancellationToken cancel) => AnswerAsync(api.GetAnyIntegrationAsync(Uri.EscapeDataString(id), cancel))).RequireAuthorization();
    }

    static async Task<IResult> AnswerAsync(Task<IntegrationDetails> call)
    {
        var reply = await call.AsReply();
        if (reply.Value is { } details)
            return details.Manifest is { } manifest ? Results.File(JsonSerializer.SerializeToUtf8Bytes(manifest, readable), "application/json", $"addon-manifest-{details.Integration.Key}.json") : Results.NotFound();
        return reply.IsMissing ? Results.NotFound() : Results.Redirect($"/refused/{reply.Problem?.Status ?? StatusCodes.Status502BadGateway}");
    }
}
