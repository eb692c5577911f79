using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Api;

/// <summary>For whoever runs the process: /healthz (it answers) and /readyz (it can do its work).</summary>
static class Health
{
    static readonly Problem NotMigrated = new("not_migrated", 503, "The database is not on this version's schema. Run 'ControlPlane.Api migrate'.");

    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok\n")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/readyz", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<IResult> ReadyAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        try
        {
            var pending = await db.Database.GetPendingMigrationsAsync(cancel);
            return pending.Any() ? (Answer<object>)NotMigrated : Results.Text("ready\n");
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            // Asked for every few seconds while the database is away: the answer says it, the log need not.
            return (Answer<object>)Problems.Unavailable;
        }
    }
}
