using System.Diagnostics;
using System.Globalization;
using ControlPlane.Client;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Api.Http;

/// <summary>The one place where refusals become <c>application/problem+json</c>.</summary>
static class ProblemAnswers
{
    internal const string ContentType = "application/problem+json";

    internal static Task WriteAsync(HttpContext context, Problem problem, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(ToResource(problem, TraceId(context), errors), Json.Options, ContentType, context.RequestAborted);
    }

    internal static ProblemResource ToResource(Problem problem, string? traceId, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new($"urn:faktory-cloud:problem:{problem.Code}", ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Detail, problem.Code, errors, traceId);

    /// <summary>What a customer tells us and the logs are searched for.</summary>
    internal static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
