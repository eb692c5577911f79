using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.CleverCloud;

/// <summary>Clever Cloud's single sign-on: a salted hash that covers the person as well.</summary>
static class CleverCloudSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDialect($"{CleverCloudResources.Prefix}/sso", Dialect.CleverCloud, "a salted token").MapPost("/{key?}", SignOnAsync);

    static async Task<IResult> SignOnAsync(HttpContext http, string? key, AddOnSignOn signOn, CancellationToken cancel)
    {
        if (!http.Request.HasFormContentType)
            return Refuse();
        var form = await http.Request.ReadFormAsync(cancel);
        string id = form["id"].ToString(), user = form["user_id"].ToString(), email = form["email"].ToString(), navigation = form["nav-data"].ToString(), timestamp = form["timestamp"].ToString(), token = form["token"].ToString();
        if (user.Length == 0)
            return Refuse();
        var request = new SignOnForm(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha512(id, user, email, navigation, salt, timestamp), token), new SignOnRequest(user, email.Length > 0 ? email : user));
        return await signOn.RunAsync(http, Dialect.CleverCloud, key, request, FreshFor, cancel) is { } address ? Results.Redirect(address.AbsoluteUri) : Refuse();
    }

    static IResult Refuse() => Results.Text("This link is not valid, or is too old. Open the add-on from its console again.", statusCode: StatusCodes.Status403Forbidden);
}
