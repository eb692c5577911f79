namespace Architecture.Tests;

/// <summary>The checkout that these tests were built from, as text.</summary>
static class Repository
{
    static readonly string[] builtOrFetched = ["artifacts", "node_modules", "bin", "obj", ".git", ".data", "TestResults"];

    internal static string Root { get; } = FindRoot();

    /// <summary>Every file that somebody wrote, as a path from the root with forward slashes.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. Enumerate(new DirectoryInfo(Root)).Order(StringComparer.Ordinal)];

    internal static IEnumerable<string> Code => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerated(f));

    internal static IEnumerable<string> Projects => Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static bool IsGenerated(string file) =>
        file.Contains("/Migrations/", StringComparison.Ordinal) || file.Contains("/wwwroot/lib/", StringComparison.Ordinal)
        || file.EndsWith("/openapi.json", StringComparison.Ordinal) || file.EndsWith("lock.json", StringComparison.Ordinal);

    /// <summary>The file's words, and no bytes of an image.</summary>
    internal static bool IsText(string file) => Path.GetExtension(file) is not (".png" or ".ico" or ".woff2" or ".jpg" or ".gz");

    static IEnumerable<string> Enumerate(DirectoryInfo folder)
    {
        // In a second working tree .git is a file.
        foreach (var file in folder.EnumerateFiles().Where(f => f.Name != ".git"))
            yield return Path.GetRelativePath(Root, file.FullName);
        foreach (var file in folder.EnumerateDirectories().Where(d => !builtOrFetched.Contains(d.Name) && d.LinkTarget is null).SelectMany(Enumerate))
            yield return file;
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FaktoryCloud.slnx")))
                return folder.FullName;
        throw new InvalidOperationException($"no FaktoryCloud.slnx above {AppContext.BaseDirectory}");
    }
}
