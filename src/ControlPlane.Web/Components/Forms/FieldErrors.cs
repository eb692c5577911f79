using ControlPlane.Client;

namespace ControlPlane.Web.Components.Forms;

/// <summary>Which field a problem is about.</summary>
static class FieldErrors
{
    /// <summary>The messages for one field; the Api may write its name as Name, name or $.name.</summary>
    public static IReadOnlyList<string> For(this ProblemResource? problem, string field) =>
        problem?.Errors is null ? [] : [.. problem.Errors.Where(error => Same(error.Key, field)).SelectMany(error => error.Value)];

    /// <summary>Says that a problem without field errors is about this field, when its code says so.</summary>
    public static ProblemResource? At(this ProblemResource? problem, string field, params ReadOnlySpan<string> codes) =>
        problem is { Errors: null, Detail: { } detail } && codes.Contains(problem.Code)
            ? problem with { Errors = new Dictionary<string, string[]> { [field] = [detail] } }
            : problem;

    /// <summary>What a page refuses by itself, at a field, because it cannot be said to the Api.</summary>
    public static ProblemResource Invalid(string field, string message) =>
        new(null, null, StatusCodes.Status400BadRequest, "Some fields are not valid.", "validation_failed", new Dictionary<string, string[]> { [field] = [message] });

    static bool Same(string key, string field) => Plain(key).Equals(Plain(field), StringComparison.OrdinalIgnoreCase);

    static string Plain(string name) => name[(name.LastIndexOf('.') + 1)..].Replace("_", "", StringComparison.Ordinal);
}
