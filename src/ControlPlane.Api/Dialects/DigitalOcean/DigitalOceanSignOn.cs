using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>DigitalOcean's single sign-on: an HMAC over time and resource, good for two minutes. It says nothing of the person, so it opens the resource for nobody in particular.</summary>
static class DigitalOceanSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);

    internal static void Map(IEndpointRouteBuilder app) => app.MapSignOn($"{DigitalOceanResources.Prefix}/sso", Dialect.DigitalOcean, "an HMAC", FreshFor, StatusCodes.Status401Unauthorized, Read);

    static SignOnForm Read(IFormCollection form)
    {
        var (uuid, timestamp, token) = (form.First("resource_uuid") ?? "", form.First("timestamp"), form.First("resource_token"));
        return new(uuid, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.HmacSha256(salt, timestamp, uuid), token), new SignOnRequest($"resource {uuid}", form.First("user_email") ?? uuid));
    }
}
