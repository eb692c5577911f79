using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Web.Account;

/// <summary>For which of their organizations somebody looks at the portal: a cookie without meaning to anybody else, since the Api asks whether they are a member.</summary>
static class ChosenOrganization
{
    const string CookieName = "faktory-organization";

    public static void MapChosenOrganization(this IEndpointRouteBuilder routes) => routes.MapPost("/organization", Handle).RequireAuthorization();

    public static void Remember(HttpContext http, string organization) => http.Response.Cookies.Append(
        CookieName, organization, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true, MaxAge = TimeSpan.FromDays(365) });

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(CookieName);

    public static OrganizationId? Of(HttpContext? http) => http is not null && OrganizationId.TryParse(http.Request.Cookies[CookieName], out var id) ? id : null;

    /// <summary>The form binding makes the antiforgery middleware check the request.</summary>
    static IResult Handle([FromForm(Name = "organization")] string organization, HttpContext http)
    {
        Remember(http, organization);
        return Results.LocalRedirect("~/instances");
    }
}
