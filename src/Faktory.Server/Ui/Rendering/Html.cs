using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Rendering;

/// <summary>A moment, shown as how long ago it was. In 100 ns since 1970.</summary>
readonly record struct Moment(long At);

/// <summary>A number of bytes, shown in the unit that fits.</summary>
readonly record struct ByteSize(long Bytes);

/// <summary>
/// Writes a page. Only what stands in the source as a literal is markup; whatever is put into its holes is encoded, and a type that nobody
/// has thought about does not compile. Attributes are always in double quotes.
/// </summary>
sealed class Html(IBufferWriter<byte> output, Locale locale, long now)
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    internal Locale Locale => locale;

#pragma warning disable CA1822 // The compiler hands this instance to the holes, which have written everything by the time of the call.
    internal void Add([InterpolatedStringHandlerArgument("")] Holes markup) => _ = markup;
#pragma warning restore CA1822

    void Literal(string markup) => Encoding.UTF8.GetBytes(markup, output);

    void Text(string? text)
    {
        if (!string.IsNullOrEmpty(text))
            Literal(Encoder.Encode(text));
    }

    void Show(Moment moment)
    {
        var exact = Rfc3339.ToInstant(moment.At);
        Literal("<time datetime=\"");
        Literal(Rfc3339.Format(moment.At));
        Literal("\" title=\"");
        Text(exact.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Literal("\">");
        Text(locale.Since(now - moment.At));
        Literal("</time>");
    }

    [InterpolatedStringHandler]
    internal readonly ref struct Holes
    {
        readonly Html _html;

        public Holes(int literalLength, int holes, Html html)
        {
            _ = (literalLength, holes);
            _html = html;
        }

        public void AppendLiteral(string markup) => _html.Literal(markup);

        public void AppendFormatted(string? text) => _html.Text(text);

        public void AppendFormatted(long number) => _html.Text(_html.Locale.Number(number));

        public void AppendFormatted(Phrase phrase) => _html.Text(_html.Locale[phrase]);

        public void AppendFormatted(Url url) => _html.Text(url.Text);

        public void AppendFormatted(Moment moment) => _html.Show(moment);

        public void AppendFormatted(ByteSize size) => _html.Text(Units.Format(size));
    }
}
