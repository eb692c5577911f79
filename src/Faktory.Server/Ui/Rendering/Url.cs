using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Faktory.Server.Ui.Rendering;

/// <summary>An address, or a part of one, whose values are escaped already.</summary>
readonly record struct Url(string Text);

/// <summary>Builds an address: literals as they are, everything else escaped, so that no value can become a part of its own.</summary>
[InterpolatedStringHandler]
readonly ref struct UrlParts
{
    readonly StringBuilder _url;

    public UrlParts(int literalLength, int holes)
    {
        _ = holes;
        _url = new StringBuilder(literalLength);
    }

    public void AppendLiteral(string part) => _url.Append(part);

    public void AppendFormatted(string? value) => _url.Append(Uri.EscapeDataString(value ?? ""));

    public void AppendFormatted(long value) => _url.Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>A query that is an address already.</summary>
    public void AppendFormatted(Url part) => _url.Append(part.Text);

    internal string Text => _url.ToString();
}
