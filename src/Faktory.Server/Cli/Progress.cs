using System.Globalization;

namespace Faktory.Server.Cli;

/// <summary>A line on the terminal that says how far long work has come. Says nothing where nobody watches.</summary>
/// <param name="verb">What is being done.</param>
/// <param name="unit">What is counted.</param>
/// <param name="total">How many there are; 0 when that is not known.</param>
sealed class Progress(string verb, string unit, long total = 0) : IDisposable
{
    const int BarWidth = 30;

    readonly bool _isWatched = !Console.IsErrorRedirected;
    string _shown = "";

    internal void Report(long done)
    {
        if (_isWatched)
            Show(Text(verb, unit, done, total));
    }

    internal static string Text(string verb, string unit, long done, long total)
    {
        if (total <= 0)
            return string.Create(CultureInfo.InvariantCulture, $"{verb} {done:n0} {unit}");
        var part = Math.Clamp((double)done / total, 0, 1);
        var bar = new string('#', (int)(part * BarWidth)).PadRight(BarWidth, '.');
        return string.Create(CultureInfo.InvariantCulture, $"{verb} [{bar}] {part * 100,3:0} %  {done:n0} of {total:n0} {unit}");
    }

    public void Dispose()
    {
        if (_shown.Length > 0)
            Console.Error.Write($"\r{new string(' ', _shown.Length)}\r");
    }

    void Show(string text)
    {
        if (text == _shown)
            return;
        Console.Error.Write('\r' + text.PadRight(_shown.Length));
        _shown = text;
    }
}
