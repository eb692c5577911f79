using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faktory.Conformance.Node;

/// <summary>README.md names a case for every public call of the package that is installed.</summary>
public sealed partial class SurfaceTests
{
    static readonly string[] _files = ["connection", "client", "job", "mutation", "worker", "shutdown", "control", "cli", "tls"];

    [Fact]
    public async Task Every_public_name_of_the_package_has_its_row()
    {
        var names = JsonElement.Parse(await NodeScript.RunAsync(new Dictionary<string, string>(), "surface.mjs")).EnumerateArray().Select(name => name.GetString()!);

        var covered = Rows().SelectMany(row => QuotedName().Matches(row[1]).Select(name => name.Groups[1].Value)).ToHashSet();

        names.Where(name => !covered.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_case_that_a_row_names_exists()
    {
        var known = _files.SelectMany(file => NodeCases.In(file + ".mjs").Select(row => $"{file}: {row.Data}")).ToHashSet();

        var named = Rows().SelectMany(row => row[2].Split("; ")).SelectMany(NodeCases.Composed);

        named.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_case_is_named_by_a_row()
    {
        var named = Rows().SelectMany(row => row[2].Split("; ")).SelectMany(NodeCases.Composed).ToHashSet();

        _files.SelectMany(file => NodeCases.In(file + ".mjs").Select(row => $"{file}: {row.Data}")).Where(name => !named.Contains(name)).ShouldBeEmpty();
    }

    static IEnumerable<string[]> Rows() =>
        from line in File.ReadLines(Path.Combine(NodePackage.Folder, "..", "README.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        select line.Split('|', StringSplitOptions.TrimEntries);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex QuotedName();
}
