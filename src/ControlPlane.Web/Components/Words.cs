using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Web.Components;

/// <summary>How numbers, times and the Api's words read on a page.</summary>
static class Words
{
    static readonly (double Seconds, string Unit)[] units = [(31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute")];

    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var seconds = (now - at).TotalSeconds;
        var span = Span(TimeSpan.FromSeconds(Math.Abs(seconds)));
        if (span is null)
            return "just now";
        return seconds >= 0 ? $"{span} ago" : $"in {span}";
    }

    /// <returns>For example "3 hours"; null below ten seconds.</returns>
    public static string? Span(TimeSpan span)
    {
        foreach (var (size, unit) in units)
        {
            if (span.TotalSeconds >= size)
                return Count((long)(span.TotalSeconds / size), unit);
        }
        return span.TotalSeconds < 10 ? null : Count((long)span.TotalSeconds, "second");
    }

    public static string Count(long count, string unit) => count == 1 ? $"1 {unit}" : $"{Number(count)} {unit}s";

    public static string Number(double value) => value.ToString(value is 0 or >= 100 || value == Math.Floor(value) ? "#,0" : "#,0.#", CultureInfo.InvariantCulture);

    /// <summary>Binary units, as memory and storage limits are set in them.</summary>
    public static string Bytes(long bytes)
    {
        string[] names = ["B", "KB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < names.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return $"{value.ToString(value >= 10 || unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture)} {names[unit]}";
    }

    public static string Megabytes(int megabytes) => Bytes(megabytes * 1024L * 1024L);

    public static string Price(PlanResource plan) => plan.PriceMinor == 0 ? "Free" : Money(plan.PriceMinor, plan.Currency);

    public static string Money(long minor, string currency) => Amounts.Short(minor, currency);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>"backup.create" to "Backup create"; "lease_address" to "Lease address"; "pro-plus" to "Pro plus".</summary>
    public static string Plain(string word)
    {
        var words = word.Replace('.', ' ').Replace('_', ' ').Replace('-', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
