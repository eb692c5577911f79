using ControlPlane.Core.Data;

namespace ControlPlane.Api.Http;

/// <summary>
/// Around every call that changes something: one transaction for the change, the operation it files, its audit entry and its remembered
/// answer. A refusal or an exception rolls all of it back. Waiting for the operation comes after the commit and holds no connection.
/// </summary>
sealed class UnitOfWork : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var answers = http.RequestServices.GetRequiredService<IdempotentAnswers>();
        var (key, refusal) = await answers.ReadKeyAsync(http);
        if (refusal is not null)
            return refusal;

        var (result, isCommitted) = await ChangeAsync(context, next, answers, key);
        if (!isCommitted || result is not IAnswer answer)
            return result;
        var waited = await http.RequestServices.GetRequiredService<OperationWait>().WaitAsync(answer, http);
        if (key is not null && waited != answer)
            await answers.ReplaceAsync(key, waited);
        return waited;
    }

    static async Task<(object? Result, bool IsCommitted)> ChangeAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, IdempotentAnswers answers, IdempotencyKey? key)
    {
        var cancel = context.HttpContext.RequestAborted;
        var db = context.HttpContext.RequestServices.GetRequiredService<ControlPlaneDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (key is not null && await answers.FindAsync(key, cancel) is { } earlier)
            return (earlier, false);
        var result = await next(context);
        if (result is not IAnswer { Problem: null } answer)
            return (result, false);
        if (key is not null)
            answers.Remember(key, answer);
        await db.SaveChangesAsync(cancel);
        // From here on the caller's going away changes nothing any more.
        await transaction.CommitAsync(CancellationToken.None);
        return (answer, true);
    }
}
