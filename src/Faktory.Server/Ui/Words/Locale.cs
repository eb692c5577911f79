using System.Globalization;

namespace Faktory.Server.Ui.Words;

/// <summary>The words of one language. What its file lacks is said in English.</summary>
sealed class Locale
{
    readonly string[] _phrases;
    readonly NumberFormatInfo _numbers;

    internal Locale(string tag, string[] phrases)
    {
        Tag = tag;
        _phrases = phrases;
        _numbers = new NumberFormatInfo { NumberGroupSeparator = this[Phrase.DigitGroup], NumberDecimalDigits = 0 };
    }

    /// <summary>As in the name of its file, such as <c>pt-br</c>.</summary>
    internal string Tag { get; }

    internal string this[Phrase phrase] => _phrases[(int)phrase];

    internal string Say(Phrase phrase, string value) => this[phrase].Replace("{0}", value, StringComparison.Ordinal);

    internal string Say(Phrase phrase, long number) => Say(phrase, Number(number));

    internal string Say(Phrase phrase, long first, long second) => Say(phrase, first).Replace("{1}", Number(second), StringComparison.Ordinal);

    internal string Say(Phrase phrase, string name, long number) =>
        // The number first: a name may look like the place of one.
        this[phrase].Replace("{1}", Number(number), StringComparison.Ordinal).Replace("{0}", name, StringComparison.Ordinal);

    internal string Number(long number) => number.ToString("N", _numbers);

    /// <summary>How long ago something was, or in what time it will be.</summary>
    /// <param name="elapsed">100 ns; negative for the future.</param>
    internal string Since(long elapsed)
    {
        if (Math.Abs(elapsed) < TimeSpan.TicksPerSecond)
            return this[Phrase.Now];
        return Say(elapsed < 0 ? Phrase.In : Phrase.Ago, Span(new TimeSpan(Math.Abs(elapsed))));
    }

    /// <summary>A length of time in its largest unit, and the next one where that says more.</summary>
    internal string Span(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => Say(Phrase.Seconds, (long)time.TotalSeconds),
        { TotalMinutes: < 120 } => Say(Phrase.Minutes, (long)time.TotalMinutes),
        { TotalHours: < 48 } => Say(Phrase.Hours, (long)time.TotalHours),
        _ => Say(Phrase.Days, (long)time.TotalDays),
    };
}
