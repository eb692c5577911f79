using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Resellers;

/// <summary>Files of an integration: manifest.json, which an add-on is registered with at its platform, without secrets, the reseller's own and for the operator everybody's; and certification.html.</summary>
static class PlatformFiles
{
    static readonly JsonSerializerOptions readable = new() { WriteIndented = true };

    internal static string Write(JsonElement manifest) => JsonSerializer.Serialize(manifest, readable);

    public static void MapPlatformFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reseller/platforms/{id}/manifest.json", (string id, ControlPlaneClient api, CancellationToken cancel) => AnswerAsync(api.GetIntegrationAsync(Uri.EscapeDataString(id), cancel))).RequireAuthorization();
        routes.MapGet("/reseller/platforms/{id}/certification.html", (string id, ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(api.GetCertificationPageAsync(Uri.EscapeDataString(id), cancel), "certification", "html", http)).RequireAuthorization();
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
