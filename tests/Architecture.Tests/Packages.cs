using System.Text.Json;

namespace Architecture.Tests;

/// <summary>A package at the version that a lock file settled on.</summary>
sealed record Package(string Id, string Version)
{
    /// <summary>Every package of every project, also those that others bring along.</summary>
    internal static IEnumerable<Package> Used { get; } =
        [.. (from file in Repository.Files
             where Path.GetFileName(file) == "packages.lock.json"
             from framework in JsonDocument.Parse(Repository.Read(file)).RootElement.GetProperty("dependencies").EnumerateObject()
             from package in framework.Value.EnumerateObject()
             where package.Value.GetProperty("type").GetString() != "Project"
             select new Package(package.Name, package.Value.GetProperty("resolved").GetString()!)).Distinct()];

    internal bool IsBelow(string version) => Number(Version) < Number(version);

    internal bool IsCalled(string pattern) => pattern.EndsWith('*')
        ? Id.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : Id.Equals(pattern, StringComparison.OrdinalIgnoreCase);

    static Version Number(string version) => System.Version.Parse(version.Split('-', '+')[0]);
}
