using System.Globalization;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>A bar a day: what succeeded, and what failed on top of it.</summary>
static class HistoryChart
{
    const int Width = 900;
    const int Height = 160;

    internal static string NameOf(DayOfHistory day) =>
        Rfc3339.ToInstant(day.Day * TimeSpan.TicksPerDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static void Write(Html html, DayOfHistory[] days)
    {
        var highest = Math.Max(1, days.Max(d => d.Processed));
        var step = (double)Width / days.Length;
        html.Add($"""<svg class="chart" viewBox="0 0 {Fixed(Width)} {Fixed(Height)}" preserveAspectRatio="none" role="img" aria-label="{Phrase.HistoryGraph}">""");
        for (var i = 0; i < days.Length; i++)
        {
            var (day, x) = (days[i], Fixed(i * step + step * 0.1));
            var (failed, succeeded) = (Scale(day.Failures, highest), Scale(day.Processed - day.Failures, highest));
            html.Add($"""<g><title>{NameOf(day)}: {Phrase.Processed} {day.Processed}, {Phrase.Failed} {day.Failures}</title>""");
            html.Add($"""<rect class="hit" x="{Fixed(i * step)}" y="0" width="{Fixed(step)}" height="{Fixed(Height)}"/>""");
            html.Add($"""<rect class="ok" x="{x}" y="{Fixed(Height - succeeded)}" width="{Fixed(step * 0.8)}" height="{Fixed(succeeded)}"/>""");
            html.Add($"""<rect class="bad" x="{x}" y="{Fixed(Height - succeeded - failed)}" width="{Fixed(step * 0.8)}" height="{Fixed(failed)}"/></g>""");
        }
        html.Add($"""</svg><p class="axis"><span>{NameOf(days[0])}</span><span>{html.Locale.Say(Phrase.MostPerDay, highest)}</span><span>{NameOf(days[^1])} UTC</span></p>""");
    }

    // What is not nothing is seen.
    static double Scale(long number, long highest) => number <= 0 ? 0 : Math.Max(1.5, (double)number / highest * (Height - 4));

    static string Fixed(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
