using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Words;

/// <summary>The languages of the UI: one file each in <c>Ui/Locales</c>, read when somebody first wants it. Any thread.</summary>
static class Locales
{
    internal const string Cookie = "faktory_locale";
    const string English = "en";

    static readonly string[] Names = Enum.GetNames<Phrase>();

    static readonly SortedDictionary<string, Lazy<Locale>> All = Find();

    internal static IEnumerable<string> Tags => All.Keys;

    internal static Locale Get(string tag) => All[tag].Value;

    /// <summary>As the cookie says, otherwise the first that the browser would take, otherwise English.</summary>
    internal static Locale Choose(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } chosen && All.ContainsKey(chosen))
            return Get(chosen);
        var wanted = request.Headers.AcceptLanguage.ToString();
        return Get((wanted.Length > 200 ? [] : Ranked(wanted)).Select(Match).OfType<string>().FirstOrDefault(English));
    }

    /// <summary>The lines <c>key=value</c> of a language's file; those that begin with # are remarks.</summary>
    internal static Dictionary<string, string> ReadFile(string tag)
    {
        using var stream = typeof(Locales).Assembly.GetManifestResourceStream($"locale/{tag}")!;
        using var file = new StreamReader(stream);
        return file.ReadToEnd().Split('\n').Where(line => line is [not '#', ..])
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    static SortedDictionary<string, Lazy<Locale>> Find()
    {
        var tags = typeof(Locales).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("locale/", StringComparison.Ordinal)).Select(n => n["locale/".Length..]);
        return new SortedDictionary<string, Lazy<Locale>>(tags.ToDictionary(tag => tag, tag => new Lazy<Locale>(() => Load(tag))), StringComparer.Ordinal);
    }

    static Locale Load(string tag)
    {
        var file = ReadFile(tag);
        return new Locale(tag, [.. Names.Select((name, i) => file.TryGetValue(name, out var text) ? text : tag == English ? name : Get(English)[(Phrase)i])]);
    }

    // language-range [ ";q=" weight ] *( "," … )
    static IEnumerable<string> Ranked(string header) =>
        from part in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let pieces = part.Split(";q=", 2, StringSplitOptions.TrimEntries)
        let weight = pieces.Length == 1 ? 1 : double.TryParse(pieces[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? q : 0
        where weight > 0
        orderby weight descending
        select pieces[0].ToLowerInvariant();

    // The language itself, else the same without its region, else any region of it.
    static string? Match(string tag)
    {
        var language = tag.Split('-')[0];
        return All.ContainsKey(tag) ? tag : All.ContainsKey(language) ? language : All.Keys.FirstOrDefault(t => t.StartsWith(language + "-", StringComparison.Ordinal));
    }
}
