using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.CleverCloud;

/// <summary>Clever Cloud's single sign-on: a salted hash that covers the person as well.</summary>
static class CleverCloudSignOn
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder app) => app.MapSignOn($"{CleverCloudResources.Prefix}/sso", Dialect.CleverCloud, "a salted token", FreshFor, StatusCodes.Status403Forbidden, Read);

    static SignOnForm? Read(IFormCollection form)
    {
        if (form.First("user_id") is not { } user)
            return null;
        var (id, email, navigation, timestamp) = (form.First("id") ?? "", form.First("email"), form.First("nav-data"), form.First("timestamp"));
        return new(id, timestamp, salt => SignOnTokens.AreSame(SignOnTokens.Sha512(id, user, email, navigation, salt, timestamp), form.First("token")), new SignOnRequest(user, email ?? user));
    }
}
