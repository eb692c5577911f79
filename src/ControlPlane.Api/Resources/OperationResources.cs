using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class OperationResources
{
    internal static OperationResource ToResource(this Operation operation) => new(
        operation.Id.ToString(), operation.Kind, operation.Subject, operation.State.ToText(), operation.Step, operation.Tries, operation.Error,
        operation.CreatedAt, operation.StartedAt, operation.FinishedAt);

    /// <summary>The operation that each subject is in the middle of: its oldest unfinished one.</summary>
    internal static async Task<Dictionary<string, Operation>> FindUnfinishedAsync(this ControlPlaneDb db, IReadOnlyCollection<string> subjects, CancellationToken cancel)
    {
        var unfinished = await db.Operations.AsNoTracking()
            .Where(o => subjects.Contains(o.Subject) && (o.State == OperationState.Pending || o.State == OperationState.Running))
            .OrderBy(o => o.Id).ToListAsync(cancel);
        return unfinished.GroupBy(o => o.Subject).ToDictionary(group => group.Key, group => group.First());
    }

    internal static async Task<OperationResource> ReadOperationAsync(this ControlPlaneDb db, OperationId id, CancellationToken cancel) =>
        (await db.Operations.AsNoTracking().SingleAsync(o => o.Id == id, cancel)).ToResource();
}
