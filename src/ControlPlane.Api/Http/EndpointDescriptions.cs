using ControlPlane.Api.OpenApi;
using ControlPlane.Client;

namespace ControlPlane.Api.Http;

/// <summary>The refusals of an endpoint's own, for the API description and for the table of codes.</summary>
sealed record Refusals(IReadOnlyList<Problem> Problems);

/// <summary>How an endpoint tells what the API description says about it.</summary>
static class EndpointDescriptions
{
    /// <param name="name">Of the operation, for generated clients.</param>
    internal static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string name, string summary, string? description = null)
    {
        endpoint.WithTags(tag).WithName(name).WithSummary(summary);
        return description is null ? endpoint : endpoint.WithDescription(description);
    }

    internal static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<T>(status);
        return endpoint;
    }

    /// <param name="request">A request as one might send it.</param>
    internal static RouteHandlerBuilder Example(this RouteHandlerBuilder endpoint, object request) => endpoint.WithMetadata(new Example(request));

    internal static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder endpoint) => endpoint.Produces(StatusCodes.Status204NoContent);

    internal static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Problem[] problems)
    {
        foreach (var status in problems.Select(problem => problem.Status).Distinct())
            endpoint.Produces<ProblemResource>(status, ProblemAnswers.ContentType);
        return endpoint.WithMetadata(new Refusals(problems));
    }
}

/// <summary>Refuses a page that cannot be before the list is read.</summary>
sealed class CheckedPages : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<PageRequest>().FirstOrDefault()?.Refusal is { } refusal ? new((Answer<object>)refusal) : next(context);
}
