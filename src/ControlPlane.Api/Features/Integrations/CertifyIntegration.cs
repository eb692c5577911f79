using ControlPlane.Api.Dialects.Certifying;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>POST /v1/reseller/integrations/{id}/certify and GET …/certification</summary>
static class CertifyIntegration
{
    static readonly Problem NotYet = new("not_certified", 404, "No certification has been run on this integration.");

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/reseller/integrations/{id}/certify", RunAsync)
            .Describe("Integrations", "certify_integration", "Try an integration out", "Speaks the whole protocol to the service, as the platform would, with a twin of the integration in the sandbox that is disabled again afterwards. Takes up to a minute.")
            .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
            .Answers<CertificationReport>(200)
            .Refuses(Integrating.NotFound);
        routes.MapGet("/reseller/integrations/{id}/certification", GetAsync)
            .Describe("Integrations", "get_certification", "Read the last certification", "As JSON, or as a page with Accept: text/html.")
            .AllowReseller(Role.Admin, TokenScopes.ResellerRead)
            .Answers<CertificationReport>(200)
            .Refuses(Integrating.NotFound, NotYet);
    }

    static async Task<Answer<CertificationReport>> RunAsync(string id, ResellerCaller by, Integrating integrating, Certification certification, CancellationToken cancel) =>
        await integrating.FindAsync(by, id, cancel) is { } integration ? await certification.RunAsync(by, integration, cancel) : Integrating.NotFound;

    static async Task<IResult> GetAsync(string id, HttpContext http, ResellerCaller by, Integrating integrating, Certification certification, CancellationToken cancel)
    {
        if (await integrating.FindAsync(by, id, cancel) is not { } integration)
            return (Answer<CertificationReport>)Integrating.NotFound;
        if (await certification.FindAsync(by, integration, cancel) is not { } report)
            return (Answer<CertificationReport>)NotYet;
        var format = "certification";
        return DocumentAnswer.FormatOf(http.Request, ref format) == "html" ? DocumentAnswer.Html(CertificationPage.Write(integration.Name, report), http) : Answer.Ok(report);
    }
}
