using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Web.Components.Forms;

namespace ControlPlane.Web.Pages.Instances;

/// <summary>What stands in the form of a cron job.</summary>
public sealed class CronInput
{
    public string? Name { get; set; }
    public string? Schedule { get; set; }
    public string? TimeZone { get; set; }
    public string? Missed { get; set; }
    public string? Type { get; set; }
    public string? Queue { get; set; }
    public string? Args { get; set; }

    internal (InstanceRules? Changed, ProblemResource? Problem) Add(InstanceRules rules)
    {
        if (string.IsNullOrWhiteSpace(Schedule))
            return (null, FieldErrors.Invalid(nameof(Schedule), "Say when, for example 30 2 * * *."));
        if (string.IsNullOrWhiteSpace(Type))
            return (null, FieldErrors.Invalid(nameof(Type), "Name the type of job."));
        if (RulesInput.TryReadArray(Args) is not { } args)
            return (null, FieldErrors.Invalid(nameof(Args), "Arguments are a JSON array, for example [1, \"two\"]."));
        var job = new CronJobRule(Type.Trim(), RulesInput.Given(Queue), args.GetArrayLength() == 0 ? null : args);
        var cron = new CronRule(Schedule.Trim(), job, RulesInput.Given(Name), RulesInput.Given(TimeZone), Missed == "once" ? "once" : null);
        // The same name is the same entry, changed.
        return (rules with { Cron = [.. (rules.Cron ?? []).Where(c => cron.Name is null || c.Name != cron.Name), cron] }, null);
    }
}

/// <summary>What stands in the form of a throttle.</summary>
public sealed class ThrottleInput
{
    public string? By { get; set; }
    public string? Name { get; set; }
    public string? Concurrency { get; set; }
    public string? Worker { get; set; }
    public string? Rate { get; set; }
    public string? Per { get; set; }
    public string? Burst { get; set; }

    internal (InstanceRules? Changed, ProblemResource? Problem) Add(InstanceRules rules)
    {
        if (RulesInput.Given(Name) is not { } name)
            return (null, FieldErrors.Invalid(nameof(Name), "Name the queue, or the type of job."));
        foreach (var (field, text) in ((string, string?)[])[(nameof(Concurrency), Concurrency), (nameof(Worker), Worker), (nameof(Rate), Rate), (nameof(Burst), Burst)])
        {
            if (RulesInput.Given(text) is { } given && !(int.TryParse(given, CultureInfo.InvariantCulture, out var number) && number > 0))
                return (null, FieldErrors.Invalid(field, "Enter a number above 0, or nothing."));
        }
        var rate = RulesInput.Number(Rate);
        var throttle = new ThrottleRule(RulesInput.Number(Concurrency), RulesInput.Number(Worker), null, rate, rate is null ? null : Per, RulesInput.Number(Burst));
        if (throttle is { Concurrency: null, Worker: null, Rate: null })
            return (null, FieldErrors.Invalid(nameof(Rate), "Say how many: at work at once, on each worker, or given out."));
        return (By == "type" ? rules with { JobtypeThrottles = RulesInput.With(rules.JobtypeThrottles, name, throttle) } : rules with { Throttles = RulesInput.With(rules.Throttles, name, throttle) }, null);
    }
}

/// <summary>What stands in the form of a weight.</summary>
public sealed class WeightInput
{
    public string? Queue { get; set; }
    public string? Value { get; set; }

    internal (InstanceRules? Changed, ProblemResource? Problem) Add(InstanceRules rules)
    {
        if (RulesInput.Given(Queue) is not { } queue)
            return (null, FieldErrors.Invalid(nameof(Queue), "Name the queue."));
        if (RulesInput.Number(Value) is not (>= 1 and <= 1000 and { } weight))
            return (null, FieldErrors.Invalid(nameof(Value), "A weight is 1 to 1000."));
        return (rules with { Weights = RulesInput.With(rules.Weights, queue, weight) }, null);
    }
}

static class RulesInput
{
    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static IReadOnlyDictionary<string, T> With<T>(IReadOnlyDictionary<string, T>? table, string key, T value) =>
        new Dictionary<string, T>(table ?? new Dictionary<string, T>()) { [key] = value };

    internal static JsonElement? TryReadArray(string? text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(Given(text) ?? "[]");
            return parsed.RootElement.ValueKind == JsonValueKind.Array ? parsed.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
