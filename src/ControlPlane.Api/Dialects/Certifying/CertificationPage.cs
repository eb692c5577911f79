using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Core.Documents;

namespace ControlPlane.Api.Dialects.Certifying;

/// <summary>A report for people: to read, to print, to send to the platform.</summary>
static class CertificationPage
{
    internal static HtmlDocument Write(string name, CertificationReport report)
    {
        var title = $"Certification of {name}";
        var result = report.Passed ? "Passed" : "Failed";
        var when = string.Create(CultureInfo.InvariantCulture, $"{report.StartedAt.UtcDateTime:d MMMM yyyy HH:mm} UTC, {report.Steps.Count} steps in {report.Milliseconds / 1000.0:0.0} s");
        return new HtmlDocument(title, Html.Of($"""
            <header><div><h1>{title}</h1><p class="quiet">{report.Dialect}, {when}</p></div><p class="mark">{result}</p></header>
            <table><thead><tr><th>Step</th><th>Request</th><th>Expected</th><th>Came</th><th></th></tr></thead><tbody>
            {Html.Join(report.Steps.Select(Row))}
            </tbody></table>
            """));
    }

    static Html Row(CertificationStep step)
    {
        var came = step.Status == 0 ? step.Answer : string.Create(CultureInfo.InvariantCulture, $"{step.Status}, {step.Milliseconds} ms");
        var verdict = step.Passed ? "as expected" : "not as expected";
        return Html.Of($"<tr><td>{step.Name}</td><td><code>{step.Request}</code></td><td>{step.Expected}</td><td>{came}</td><td>{verdict}</td></tr>");
    }
}
