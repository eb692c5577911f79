using System.Globalization;
using ControlPlane.Client;

namespace ControlPlane.Web.Pages.Instances;

/// <summary>One rule of an instance as a person reads it.</summary>
/// <param name="Key">By which the page's form says which one is to go.</param>
sealed record RuleLine(string Kind, string Name, string Text, string Key)
{
    public static IEnumerable<RuleLine> Of(InstanceRules rules) =>
    [
        .. (rules.Cron ?? []).Select((c, i) => new RuleLine("Cron job", c.Name ?? c.Job.Type, Describe(c), $"cron:{i.ToString(CultureInfo.InvariantCulture)}:{c.Name}")),
        .. (rules.Throttles ?? new Dictionary<string, ThrottleRule>()).Select(t => new RuleLine("Throttle of a queue", t.Key, Describe(t.Value), $"queue:{t.Key}")),
        .. (rules.JobtypeThrottles ?? new Dictionary<string, ThrottleRule>()).Select(t => new RuleLine("Throttle of a type", t.Key, Describe(t.Value), $"type:{t.Key}")),
        .. (rules.Weights ?? new Dictionary<string, int>()).Select(w => new RuleLine("Weight", w.Key, w.Value.ToString(CultureInfo.InvariantCulture), $"weight:{w.Key}")),
    ];

    /// <summary>All but the one with this key; all when there is none.</summary>
    public static InstanceRules Without(InstanceRules rules, string key) => new(
        (rules.Throttles ?? new Dictionary<string, ThrottleRule>()).Where(t => $"queue:{t.Key}" != key).ToDictionary(),
        (rules.JobtypeThrottles ?? new Dictionary<string, ThrottleRule>()).Where(t => $"type:{t.Key}" != key).ToDictionary(),
        [.. (rules.Cron ?? []).Where((c, i) => $"cron:{i.ToString(CultureInfo.InvariantCulture)}:{c.Name}" != key)],
        (rules.Weights ?? new Dictionary<string, int>()).Where(w => $"weight:{w.Key}" != key).ToDictionary());

    static string Describe(CronRule cron) =>
        $"{cron.Schedule} {cron.TimeZone ?? "UTC"}: {cron.Job.Type} into {cron.Job.Queue ?? "default"}{(cron.Job.Args is { } args ? $" with {args.GetRawText()}" : null)}{(cron.Missed == "once" ? "; a missed time is made up for once" : null)}";

    static string Describe(ThrottleRule throttle)
    {
        List<string> parts = [];
        if (throttle.Concurrency is { } concurrency)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{concurrency} at work at once"));
        if (throttle.Worker is { } worker)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{worker} on each worker"));
        if (throttle.Rate is { } rate)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate} a {throttle.Per ?? "second"}"));
        if (throttle.Burst is { } burst)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{burst} at once after a pause"));
        return string.Join(", ", parts);
    }
}
