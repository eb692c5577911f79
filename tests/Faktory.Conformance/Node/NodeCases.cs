using System.Text.RegularExpressions;

namespace Faktory.Conformance.Node;

/// <summary>The cases of a script: the sentences by which it names them.</summary>
static partial class NodeCases
{
    /// <summary>Asks the script itself, because some names are composed.</summary>
    internal static IEnumerable<TheoryDataRow<string>> In(string file)
    {
        var text = File.ReadAllText(Path.Combine(NodePackage.Folder, "cases", file));
        foreach (Match name in CaseName().Matches(text))
        {
            foreach (var sentence in Composed(name.Groups[1].Value))
                yield return new TheoryDataRow<string>(sentence);
        }
    }

    // "…": async   or   each[`… ${target} …`] = async
    [GeneratedRegex("""^  (?:"|each\[`)(.+?)(?:"|`\])(?:: | = )async""", RegexOptions.Multiline)]
    private static partial Regex CaseName();

    internal static IEnumerable<string> Composed(string name) =>
        name.Contains("${target}", StringComparison.Ordinal)
            ? ((string[])["scheduled", "retries", "dead"]).Select(target => name.Replace("${target}", target, StringComparison.Ordinal))
            : [name];
}
