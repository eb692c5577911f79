using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Api.Http;

/// <summary>Gives the framework's own refusals (routing, binding, validation, exceptions) the same form as ours.</summary>
sealed class FrameworkProblems : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails invalid)
            return new(WriteInvalidAsync(context.HttpContext, invalid));
        var problem = context.Exception is { } error ? OfException(error) : Problems.OfStatus(context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode);
        return new(ProblemAnswers.WriteAsync(context.HttpContext, problem));
    }

    /// <summary>One invalid field has a code of its own, <c>invalid_email</c> for example, and its message is the sentence.</summary>
    static Task WriteInvalidAsync(HttpContext context, HttpValidationProblemDetails invalid)
    {
        var errors = invalid.Errors.ToDictionary(field => ToSnakeCase(field.Key), field => field.Value);
        var problem = errors.Count == 1
            ? new Problem($"invalid_{errors.Keys.First().Replace('.', '_')}", 400, string.Join(' ', errors.Values.First()))
            : Problems.ValidationFailed;
        return ProblemAnswers.WriteAsync(context, problem, errors);
    }

    internal static Problem OfException(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: not 400 } bad => Problems.OfStatus(bad.StatusCode),
        BadHttpRequestException { InnerException: JsonException json } => Problems.Malformed.Saying(Describe(json)),
        BadHttpRequestException bad => Problems.Malformed.Saying(bad.Message),
        NpgsqlException or DbUpdateException { InnerException: NpgsqlException } or InvalidOperationException { InnerException: NpgsqlException }
            when IsDatabaseAway(error) => Problems.Unavailable,
        Core.Billing.ProviderUnavailableException => Problems.ProviderUnavailable,
        _ => Problems.Internal,
    };

    static bool IsDatabaseAway(Exception error) => (error as NpgsqlException ?? error.InnerException as NpgsqlException) is { IsTransient: true } or not PostgresException;

    static string Describe(JsonException error) => error.Path is null or "$"
        ? "The body is not valid JSON for this call."
        : $"The body is not valid: see {error.Path}.";

    static string ToSnakeCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    internal static int StatusOf(Exception error) => OfException(error).Status;

    /// <summary>Refusals of the framework are no incidents; they are answered and not logged as errors.</summary>
    internal static bool IsRefusal(ExceptionHandlerSuppressDiagnosticsContext context) => context.Exception is BadHttpRequestException;
}
