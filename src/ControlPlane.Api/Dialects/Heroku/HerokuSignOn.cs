using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.Heroku;

/// <summary>Heroku's single sign-on (devcenter.heroku.com/articles/add-on-single-sign-on), with either of its tokens.</summary>
static class HerokuSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder app, string prefix, Dialect dialect) =>
        app.MapDialect($"{prefix}/sso", dialect, "a salted token").MapPost("/{key?}", (HttpContext http, string? key, AddOnSignOn signOn, CancellationToken cancel) => SignOnAsync(http, dialect, key, signOn, cancel));

    static async Task<IResult> SignOnAsync(HttpContext http, Dialect dialect, string? key, AddOnSignOn signOn, CancellationToken cancel)
    {
        if (!http.Request.HasFormContentType)
            return Refuse();
        var form = await http.Request.ReadFormAsync(cancel);
        var (id, timestamp) = (First(form, "resource_id") ?? First(form, "id") ?? "", First(form, "timestamp"));
        var (user, email) = (First(form, "user_id"), First(form, "email"));
        var scoped = First(form, "user_scoped_resource_token");
        var request = scoped is not null && user is not null
            ? new SignOnForm(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha256(id, salt, timestamp, user, email), scoped), new SignOnRequest(user, email ?? user))
            // The older token says nothing of who it is, so nobody can be somebody else by it.
            : new SignOnForm(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha1(id, salt, timestamp), First(form, "resource_token") ?? First(form, "token")), new SignOnRequest($"resource {id}", email ?? id));
        return await signOn.RunAsync(http, dialect, key, request, FreshFor, cancel) is { } address ? Results.Redirect(address.AbsoluteUri) : Refuse();
    }

    static string? First(IFormCollection form, string name) => form[name] is [{ Length: > 0 } value, ..] ? value : null;

    static IResult Refuse() => Results.Text("This link is not valid, or is too old. Open the add-on from its dashboard again.", statusCode: StatusCodes.Status403Forbidden);
}
