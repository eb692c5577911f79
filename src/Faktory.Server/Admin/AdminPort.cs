using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>
/// The second listener, for whoever operates the server (docs/admin-port.md). Tenants never reach it; all but the two probes wants the
/// instance's token.
/// </summary>
static class AdminPort
{
    static readonly Problem Unauthorized = new("The admin token is missing or wrong.", StatusCodes.Status401Unauthorized, "unauthorized");
    static readonly Problem NotFound = new("There is no such call.", StatusCodes.Status404NotFound, "not_found");

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.Use(next => http => IsOpen(http.Request.Path) || IsAuthorized(http, admin) ? next(http) : Unauthorized.WriteAsync(http));
        app.UseRouting();
        HealthCalls.Map(app, admin);
        StatsCalls.Map(app, admin);
        MetricsCall.Map(app, admin);
        ConfigCalls.Map(app, admin);
        DrainCall.Map(app, admin);
        BackupCalls.Map(app, admin);
        RestoreCalls.Map(app, admin);
        FeatureCalls.Map(app, admin);
        CronCalls.Map(app, admin);
        app.MapFallback(NotFound.WriteAsync);
    }

    static bool IsOpen(PathString path) => path == "/healthz" || path == "/readyz";

    static bool IsAuthorized(HttpContext http, AdminContext admin)
    {
        const string Scheme = "Bearer ";
        var given = http.Request.Headers.Authorization.ToString();
        return admin.Token is { Length: > 0 } token && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) &&
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Scheme.Length..]), Encoding.UTF8.GetBytes(token));
    }
}
