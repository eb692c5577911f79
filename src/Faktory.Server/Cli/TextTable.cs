using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Faktory.Server.Cli;

/// <summary>Rows for a terminal: numbers to the right, everything else to the left, columns as wide as they have to be.</summary>
/// <param name="heads">What stands above the columns.</param>
sealed class TextTable(params string[] heads)
{
    readonly List<string[]> _rows = [];

    /// <param name="cells">One for each column: numbers, texts, or nothing.</param>
    internal void Add(params JsonElement?[] cells) => _rows.Add([.. cells.Select(Text)]);

    public override string ToString()
    {
        var text = new StringBuilder();
        var widths = heads.Select((head, i) => _rows.Select(r => r[i].Length).Append(head.Length).Max()).ToArray();
        foreach (var row in _rows.Prepend(heads))
            text.Append(string.Join("  ", row.Select((cell, i) => IsNumber(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
        return text.ToString();
    }

    bool IsNumber(int column) => _rows.Count > 0 && _rows.All(r => r[column].All(c => char.IsAsciiDigit(c) || c == ','));

    // What is told may be anybody's text: no escape sequence of it may reach the terminal.
    static string Text(JsonElement? cell) => cell switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetInt64().ToString("n0", CultureInfo.InvariantCulture),
        { ValueKind: JsonValueKind.String } text => string.Concat(text.GetString()!.Select(c => char.IsControl(c) ? ' ' : c)),
        _ => "",
    };
}
