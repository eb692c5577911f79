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

    static bool Same(string key, string field) => Plain(key).Equals(Plain(field), StringComparison.OrdinalIgnoreCase);

    static string Plain(string name) => name[(name.LastIndexOf('.') + 1)..].Replace("_", "", StringComparison.Ordinal);
}
