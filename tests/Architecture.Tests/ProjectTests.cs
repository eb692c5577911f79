using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Who may reference whom. The processes differ in privilege, and a reference is where a boundary begins to leak.</summary>
public sealed class ProjectTests
{
    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "Faktory.Server", [] },
        { "Faktory.Client", [] },
        { "ControlPlane.Core", [] },
        { "ControlPlane.Client", [] },
        { "ControlPlane.Api", ["ControlPlane.Core", "ControlPlane.Client"] },
        { "ControlPlane.Web", ["ControlPlane.Core", "ControlPlane.Client"] },
        { "Provisioner", ["ControlPlane.Core", "Faktory.Client"] },
        { "BackupScheduler", ["ControlPlane.Core", "Faktory.Client"] },
        { "ControlPlane.Host", ["ControlPlane.Api", "ControlPlane.Web", "Provisioner", "BackupScheduler"] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void A_project_references_what_the_architecture_allows(string project, string[] allowed) =>
        References(Project($"src/{project}/{project}.csproj")).Except(allowed).ShouldBeEmpty();

    [Fact]
    public void Every_project_of_src_has_a_rule() =>
        Repository.Projects.Where(p => p.StartsWith("src/", StringComparison.Ordinal)).Select(p => Path.GetFileNameWithoutExtension(p)!)
            .ShouldBe(AllowedReferences.Select(row => row.Data.Item1), ignoreOrder: true);

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Parse(Repository.Read("FaktoryCloud.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value);
        Repository.Projects.ShouldBe(solution, ignoreOrder: true);
    }

    [Fact]
    public void Every_project_commits_its_lock_file() =>
        Repository.Projects.Select(p => Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json")).Except(Repository.Files).ShouldBeEmpty();

    [Fact]
    public void Versions_of_packages_stand_in_one_place() =>
        Repository.Projects.SelectMany(p => Project(p).Descendants("PackageReference"), (p, reference) => (Project: p, Reference: reference))
            .Where(r => r.Reference.Attribute("Version") is not null || r.Reference.Attribute("VersionOverride") is not null).ShouldBeEmpty();

    [Fact]
    public void The_test_command_runs_every_test_project()
    {
        var line = Repository.Read("test").Split('\n').Single(l => l.StartsWith("all=(", StringComparison.Ordinal));
        Repository.Projects.Where(p => p.StartsWith("tests/", StringComparison.Ordinal)).Select(p => Path.GetFileNameWithoutExtension(p)!)
            .Where(name => !name.EndsWith(".Double", StringComparison.Ordinal)).ShouldBe(line["all=(".Length..^1].Split(' '), ignoreOrder: true);
    }

    static XDocument Project(string path) => XDocument.Parse(Repository.Read(path));

    static IEnumerable<string> References(XDocument project) =>
        project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
