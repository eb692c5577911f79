using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed class FeatureTests
{
    const string features = "src/ControlPlane.Api/Features/";

    [Fact]
    public void A_feature_folder_never_uses_another()
    {
        var crossings = from file in Repository.Code
                        where file.StartsWith(features, StringComparison.Ordinal)
                        let feature = file[features.Length..].Split('/')[0]
                        from Match use in Regex.Matches(Repository.Read(file), @"\bFeatures\.(\w+)")
                        where use.Groups[1].Value != feature
                        select $"{file}: {use.Value}";
        crossings.ShouldBeEmpty();
    }

    [Fact]
    public void The_clock_is_named_where_processes_are_composed_and_nowhere_else() =>
        Repository.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && Repository.Read(f).Contains("TimeProvider.System", StringComparison.Ordinal))
            .Where(f => !f.EndsWith("Host.cs", StringComparison.Ordinal) && !f.EndsWith("Program.cs", StringComparison.Ordinal)
                && !f.StartsWith("src/ControlPlane.Host/", StringComparison.Ordinal) && !f.StartsWith("src/Faktory.Server/Cli/", StringComparison.Ordinal)
                && !f.StartsWith("src/Faktory.Client/", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Unsafe_code_has_a_decision_record() =>
        Repository.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && Regex.IsMatch(Repository.Read(f), @"^\s*[^/\s].*\bunsafe\b(?!-)|^\s*unsafe\b", RegexOptions.Multiline))
            .Select(f => f["src/".Length..].Split('/')[0])
            .Distinct()
            .Where(project => !DecisionRecords().Any(record => record.Contains("unsafe", StringComparison.Ordinal) && record.Contains(project, StringComparison.Ordinal)))
            .ShouldBeEmpty();

    static IEnumerable<string> DecisionRecords() => Repository.Files.Where(f => f.StartsWith("docs/adr/", StringComparison.Ordinal)).Select(Repository.Read);
}
