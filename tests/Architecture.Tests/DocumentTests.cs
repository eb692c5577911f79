using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed class DocumentTests
{
    [Fact]
    public void Every_folder_of_src_is_explained_somewhere()
    {
        var folders = Repository.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal)).Select(f => Path.GetDirectoryName(f)!).Distinct();
        folders.Where(f => !Repository.IsGenerated(f + "/") && !IsAsset(f)).Where(f => !IsExplained(f)).ShouldBeEmpty();
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var broken = from file in Repository.Files
                     where file.EndsWith(".md", StringComparison.Ordinal)
                     from Match link in Regex.Matches(Repository.Read(file), @"\]\((?!\w+:|#)([^)#\s]+)")
                     let target = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, link.Groups[1].Value))
                     where !Path.Exists(target)
                     select $"{file}: {link.Groups[1].Value}";
        broken.ShouldBeEmpty();
    }

    static bool IsAsset(string folder) => folder.Contains("/wwwroot", StringComparison.Ordinal) || folder.EndsWith("/Properties", StringComparison.Ordinal);

    /// <summary>By a README of its own, by one above it that names it, or by ARCHITECTURE.md.</summary>
    static bool IsExplained(string folder)
    {
        if (Repository.Files.Contains($"{folder}/README.md"))
            return true;
        for (var above = Path.GetDirectoryName(folder)!; above != "src" && above.Length > 0; above = Path.GetDirectoryName(above)!)
        {
            var name = folder[(above.Length + 1)..];
            if (Repository.Files.Contains($"{above}/README.md") && Names(Repository.Read($"{above}/README.md"), name))
                return true;
        }
        return Names(Repository.Read("ARCHITECTURE.md"), folder["src/".Length..]);
    }

    static bool Names(string text, string folder) => Regex.IsMatch(text, $@"(?<![\w.]){Regex.Escape(folder)}(/|`|\b)");
}
