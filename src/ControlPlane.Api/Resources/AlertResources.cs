using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class AlertResources
{
    static AlertResource ToResource(Alert alert) => new(alert.Id.ToString(), alert.Kind, alert.Severity.ToText(), alert.Message, alert.Subject, alert.RaisedAt, alert.ResolvedAt);

    /// <summary>The open ones first, then the resolved ones, each the newest first. A page may hold the end of the one and the start of the other.</summary>
    internal static async Task<Page<AlertResource>> ReadAlertsAsync(this IQueryable<Alert> alerts, PageRequest page, CancellationToken cancel)
    {
        var found = new List<Alert>();
        if (!page.IsInSecondPart)
        {
            var (open, nextOpen) = await alerts.AsNoTracking().Where(a => a.ResolvedAt == null).ReadPageAsync(a => a.Id, page, cancel);
            if (nextOpen is not null)
                return new Page<AlertResource>([.. open.Select(ToResource)], nextOpen);
            found = open;
            page = page with { Cursor = null, Limit = page.Size - open.Count };
        }
        if (page.Size == 0)
            return new Page<AlertResource>([.. found.Select(ToResource)], PageRequest.ToCursor(AllBits, isInSecondPart: true));
        var (resolved, next) = await alerts.AsNoTracking().Where(a => a.ResolvedAt != null).ReadPageAsync(a => a.Id, page, cancel);
        var cursor = next is null ? null : PageRequest.ToCursor(resolved[^1].Id.Value, isInSecondPart: true);
        return new Page<AlertResource>([.. found.Concat(resolved).Select(ToResource)], cursor);
    }

    /// <summary>Above every id: the second part from its beginning.</summary>
    static Guid AllBits => Guid.AllBitsSet;
}
