using ControlPlane.Client;
using ControlPlane.Core.Ids;

namespace ControlPlane.Api.Http;

/// <summary>What a use case answers, before anybody knows its type.</summary>
interface IAnswer : IResult
{
    int Status { get; }
    object? Body { get; }
    string? Location { get; }
    Problem? Problem { get; }

    /// <summary>The operation that <c>Prefer: wait</c> waits for.</summary>
    OperationId? Operation { get; }

    /// <summary>The answer after that operation, read anew.</summary>
    Func<CancellationToken, Task<IAnswer>>? AfterOperation { get; }
}

/// <summary>What a use case answers: a body with its status, or a refusal. A plain value is 200.</summary>
sealed class Answer<T> : IAnswer
{
    public int Status { get; internal init; }
    public object? Body { get; internal init; }
    public string? Location { get; internal init; }
    public Problem? Problem { get; internal init; }
    public OperationId? Operation { get; internal init; }
    public Func<CancellationToken, Task<IAnswer>>? AfterOperation { get; internal init; }

    public static implicit operator Answer<T>(T body) => new() { Status = StatusCodes.Status200OK, Body = body };
    public static implicit operator Answer<T>(Problem problem) => new() { Status = problem.Status, Problem = problem };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Problem is not null)
            return ProblemAnswers.WriteAsync(httpContext, Problem);
        httpContext.Response.StatusCode = Status;
        if (Location is not null)
            httpContext.Response.Headers.Location = Location;
        return Body is null ? Task.CompletedTask : httpContext.Response.WriteAsJsonAsync(Body, Body.GetType(), Json.Options, httpContext.RequestAborted);
    }
}

static class Answer
{
    internal static Answer<T> Ok<T>(T body) => new() { Status = StatusCodes.Status200OK, Body = body };

    internal static Answer<T> Created<T>(T body, string? location = null) => new() { Status = StatusCodes.Status201Created, Body = body, Location = location };

    internal static Answer<T> NoContent<T>() => new() { Status = StatusCodes.Status204NoContent };

    /// <summary>202: <paramref name="operation"/> goes on after the answer, unless the caller prefers to wait for it.</summary>
    internal static Answer<T> Accepted<T>(T body, OperationId operation, Func<CancellationToken, Task<Answer<T>>> afterOperation) => new()
    {
        Status = StatusCodes.Status202Accepted,
        Body = body,
        Location = $"/v1/operations/{operation}",
        Operation = operation,
        AfterOperation = async cancel => await afterOperation(cancel),
    };
}
