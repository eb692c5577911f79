using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace ControlPlane.Core.Documents;

/// <summary>A piece of HTML. It is made of an interpolated string, of which the literal text is markup and every value is escaped, so that no name or memo can become markup.</summary>
public readonly struct Html
{
    readonly string? text;

    Html(string text) => this.text = text;

    public static Html Empty => default;

    public static Html Of(HtmlText markup) => new(markup.ToString());

    /// <summary>One piece after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p.ToString())));

    public override string ToString() => text ?? "";
}

/// <summary>What the compiler makes of an interpolated string for <see cref="Html.Of"/>.</summary>
[InterpolatedStringHandler]
public readonly struct HtmlText(int literalLength, int formattedCount)
{
    readonly StringBuilder text = new(literalLength + formattedCount * 16);

    public void AppendLiteral(string markup) => text.Append(markup);

    public void AppendFormatted(Html piece) => text.Append(piece.ToString());

    public void AppendFormatted(IEnumerable<Html> pieces) => text.Append(Html.Join(pieces).ToString());

    public void AppendFormatted(string? value) => text.Append(HtmlEncoder.Default.Encode(value ?? ""));

    public void AppendFormatted<T>(T value) where T : IFormattable => AppendFormatted(value.ToString(null, CultureInfo.InvariantCulture));

    public void AppendFormatted<T>(T value, string format) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => text?.ToString() ?? "";
}
