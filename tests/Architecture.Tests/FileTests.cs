using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>How files are called, how long they get, and which words they may not hold.</summary>
public sealed class FileTests
{
    const int linesMax = 400;

    // Split in two, so that this file does not break the rule that it states.
    static readonly string[] unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "Not" + "ImplementedException"];
    static readonly string[] addresses = ["registry.npm" + "js", "api.nu" + "get", "deb.deb" + "ian.org", "archive.ubu" + "ntu"];
    static readonly string[] elsewhere = [".." + "/shared", "/wo" + "rk/"];

    [Fact]
    public void Nothing_is_called_by_a_word_that_means_nothing()
    {
        var word = new Regex(@"(Helper|Manager|Util|Utils|Utilities|Common)s?$");
        var declared = new Regex(@"\b(?:class|record|struct|interface|enum)\s+(\w+)");
        Repository.Files.Where(f => word.IsMatch(Path.GetFileNameWithoutExtension(f)) || f.Split('/').Any(folder => word.IsMatch(folder)))
            .Concat(from file in Repository.Code
                    from Match type in declared.Matches(Repository.Read(file))
                    where word.IsMatch(type.Groups[1].Value)
                    select $"{file}: {type.Groups[1].Value}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_file_needs_much_scrolling() =>
        Repository.Files.Where(f => Path.GetExtension(f) is ".cs" or ".razor" or ".sh" or ".css" or ".js" or ".mjs" && !Repository.IsGenerated(f))
            .Select(f => (File: f, Lines: Repository.Read(f).Count(c => c == '\n')))
            .Where(f => f.Lines > linesMax).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() => Holding(unfinished).ShouldBeEmpty();

    [Fact]
    public void Nobodys_machine_and_nobodys_feed_is_named() => Holding([.. addresses, .. elsewhere]).ShouldBeEmpty();

    [Fact]
    public void Every_file_ends_with_a_line_end() =>
        Repository.Files.Where(f => Repository.IsText(f) && !Repository.IsGenerated(f)).Where(f => Repository.Read(f) is { Length: > 0 } text && text[^1] != '\n').ShouldBeEmpty();

    static IEnumerable<string> Holding(string[] words)
    {
        var pattern = new Regex(@"(?<![\w.])(" + string.Join('|', words.Select(Regex.Escape)) + ")");
        return from file in Repository.Files
               where Repository.IsText(file) && !Repository.IsGenerated(file)
               from Match match in pattern.Matches(Repository.Read(file))
               select $"{file}: {match.Value}";
    }
}
