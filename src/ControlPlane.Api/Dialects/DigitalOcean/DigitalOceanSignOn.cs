using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>DigitalOcean's single sign-on: an HMAC over time and resource, good for two minutes. It says nothing of the person, so it opens the resource for nobody in particular.</summary>
static class DigitalOceanSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDialect($"{DigitalOceanResources.Prefix}/sso", Dialect.DigitalOcean, "an HMAC").MapPost("/{key?}", SignOnAsync);

    static async Task<IResult> SignOnAsync(HttpContext http, string? key, AddOnSignOn signOn, CancellationToken cancel)
    {
        if (!http.Request.HasFormContentType)
            return Refuse();
        var form = await http.Request.ReadFormAsync(cancel);
        string uuid = form["resource_uuid"].ToString(), timestamp = form["timestamp"].ToString(), token = form["resource_token"].ToString();
        var request = new SignOnForm(
            uuid, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.HmacSha256(salt, timestamp, uuid), token), new SignOnRequest($"resource {uuid}", form["user_email"] is [{ Length: > 0 } email, ..] ? email : uuid));
        return await signOn.RunAsync(http, Dialect.DigitalOcean, key, request, FreshFor, cancel) is { } address ? Results.Redirect(address.AbsoluteUri) : Refuse();
    }

    static IResult Refuse() => Results.Text("This link is not valid, or is too old. Open the add-on from its dashboard again.", statusCode: StatusCodes.Status401Unauthorized);
}
