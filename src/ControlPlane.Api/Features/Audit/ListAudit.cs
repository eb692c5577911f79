using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Audit;

/// <summary>GET /v1/audit</summary>
static class ListAudit
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/audit", HandleAsync)
        .Describe("Audit", "list_audit", "Read the audit log", "Who did what, newest first.")
        .AllowMember(Role.Admin, TokenScopes.Read)
        .Answers<Page<AuditResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<AuditResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.AuditEntries.AsNoTracking().ReadPageAsync(entry => entry.Id, page, cancel)).Select(ToResource);

    static AuditResource ToResource(AuditEntry entry) =>
        new(entry.Id.ToString(), entry.At, entry.ActorKind.ToText(), entry.ActorName, entry.Action, entry.Subject, entry.Detail, entry.IpAddress);
}
