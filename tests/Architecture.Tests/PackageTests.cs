namespace Architecture.Tests;

/// <summary>What may be built upon: named in the notices, under a licence that asks for nothing we cannot give, and without a known hole.</summary>
public sealed class PackageTests
{
    static readonly string[] licences = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "ISC", "Zlib", "0BSD", "BlueOak-1.0.0", "Python-2.0", "(MIT OR CC0-1.0)"];

    [Fact]
    public void Every_package_that_is_used_is_in_the_notices()
    {
        var notices = Repository.Read("NOTICE.md");
        Package.Used.Where(p => !notices.Contains($"| {p.Id} | {p.Version} |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Licences_are_permissive_but_for_the_named_exceptions()
    {
        var rows = Repository.Read("NOTICE.md").Split('\n').SkipWhile(line => line != "<!-- written by infra/notice.sh -->").Skip(3)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        rows.Count.ShouldBeGreaterThan(50);
        rows.Where(cells => !licences.Contains(cells[3]) && !cells[1].StartsWith("Hangfire.", StringComparison.Ordinal)
                // The accessibility checker (MPL-2.0) runs in the browser's tests only and is part of nothing that is shipped.
                && !(cells[1] == "axe-core (npm)" && cells[3] == "MPL-2.0" && cells[4] == "tests")).Select(cells => $"{cells[1]}: {cells[3]}").ShouldBeEmpty();
    }

    [Fact]
    public void No_denied_package_is_used()
    {
        var denied = Repository.Read("infra/denied-packages.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Split(' ', 3)).ToList();
        denied.ShouldAllBe(line => line.Length == 3);
        var used = from package in Package.Used
                   from line in denied
                   where package.IsCalled(line[0]) && (line[1] == "*" || package.IsBelow(line[1]))
                   select $"{package.Id} {package.Version}: {line[2]}";
        used.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Npgsql", "8.0.2", "Npgsql", "8.0.3", true)]
    [InlineData("Npgsql", "10.0.3", "Npgsql", "8.0.3", false)]
    [InlineData("System.Text.Json", "8.0.5-rc.1", "System.Text.Json", "8.0.5", false)]
    public void A_version_is_compared_as_a_number(string id, string version, string denied, string allowedFrom, bool isBelow)
    {
        var package = new Package(id, version);
        (package.IsCalled(denied) && package.IsBelow(allowedFrom)).ShouldBe(isBelow);
    }

    [Fact]
    public void Vendored_files_of_the_portal_are_in_the_notices()
    {
        const string vendored = "src/ControlPlane.Web/wwwroot/lib/";
        var notices = Repository.Read("NOTICE.md");
        Repository.Files.Where(f => f.StartsWith(vendored, StringComparison.Ordinal)).Select(f => f[vendored.Length..].Split('.', '/')[0])
            .Where(name => !notices.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
