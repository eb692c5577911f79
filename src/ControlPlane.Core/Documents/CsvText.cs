using System.Globalization;
using System.Text;

namespace ControlPlane.Core.Documents;

/// <summary>Comma-separated values (RFC 4180), the same in every country.</summary>
public sealed class CsvText
{
    readonly StringBuilder text = new();

    public void Append(params IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    public override string ToString() => text.ToString();

    // A spreadsheet runs what begins like a formula; a quote mark in front makes it text. Numbers below zero stay numbers.
    static string Field(string value)
    {
        var isFormula = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
        var safe = isFormula ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
