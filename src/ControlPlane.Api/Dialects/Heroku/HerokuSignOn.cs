using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.Heroku;

/// <summary>Heroku's single sign-on (devcenter.heroku.com/articles/add-on-single-sign-on), with either of its tokens.</summary>
static class HerokuSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder app, string prefix, Dialect dialect) => app.MapSignOn($"{prefix}/sso", dialect, "a salted token", FreshFor, StatusCodes.Status403Forbidden, Read);

    static SignOnForm Read(IFormCollection form)
    {
        var (id, timestamp) = (form.First("resource_id") ?? form.First("id") ?? "", form.First("timestamp"));
        var (user, email) = (form.First("user_id"), form.First("email"));
        return form.First("user_scoped_resource_token") is { } scoped && user is not null
            ? new SignOnForm(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha256(id, salt, timestamp, user, email), scoped), new SignOnRequest(user, email ?? user))
            // The older token says nothing of who it is, so nobody can be somebody else by it.
            : new SignOnForm(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha1(id, salt, timestamp), form.First("resource_token") ?? form.First("token")), new SignOnRequest($"resource {id}", email ?? id));
    }
}
