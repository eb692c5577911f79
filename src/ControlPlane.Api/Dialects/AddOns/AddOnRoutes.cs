using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.AddOns;

/// <summary>How the add-on platforms reach us: with a password for resources, and with a form that they have a browser post for single sign-on.</summary>
static class AddOnRoutes
{
    internal static RouteGroupBuilder MapAddOn(this IEndpointRouteBuilder app, string path, Dialect dialect, AddOnReplies replies)
    {
        var group = app.MapDialect(path, dialect, "HTTP Basic");
        group.AddEndpointFilter(new BasicCaller(dialect, () => replies.Say(401, "The add-on's id or password is wrong.")));
        return group;
    }

    /// <param name="refusal">The status of whatever is not let in; nobody learns why.</param>
    /// <param name="read">What the form says in this dialect; null where it says too little.</param>
    internal static void MapSignOn(this IEndpointRouteBuilder app, string path, Dialect dialect, string proof, TimeSpan freshFor, int refusal, Func<IFormCollection, SignOnForm?> read) =>
        app.MapDialect(path, dialect, proof).MapPost("/{key?}", async (HttpContext http, string? key, AddOnSignOn signOn, CancellationToken cancel) =>
            await ReadFormAsync(http, cancel) is { } form && read(form) is { } asked && await signOn.RunAsync(http, dialect, key, asked, freshFor, cancel) is { } address
                ? Results.Redirect(address.AbsoluteUri)
                : Results.Text("This link is not valid, or is too old. Open the add-on from its dashboard again.", statusCode: refusal));

    /// <summary>A field that says something.</summary>
    internal static string? First(this IFormCollection form, string name) => form[name] is [{ Length: > 0 } value, ..] ? value : null;

    static async Task<IFormCollection?> ReadFormAsync(HttpContext http, CancellationToken cancel)
    {
        try
        {
            return http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancel) : null;
        }
        catch (InvalidDataException)
        {
            return null; // Broken, or with more fields than anybody sends.
        }
    }
}
