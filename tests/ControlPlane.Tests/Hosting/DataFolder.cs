namespace ControlPlane.Tests.Hosting;

/// <summary>A data folder of one test's own, removed with all that a host may have put elsewhere on its behalf.</summary>
sealed class DataFolder : IDisposable
{
    readonly DirectoryInfo root;

    /// <param name="below">Folders between the temporary folder and the data folder.</param>
    /// <param name="mode">Who may enter the outermost folder.</param>
    internal DataFolder(string below = "data", UnixFileMode mode = (UnixFileMode)0b111_101_101)
    {
        root = Directory.CreateTempSubdirectory("faktory-tests-");
        File.SetUnixFileMode(root.FullName, mode);
        Path = System.IO.Path.Combine(root.FullName, below);
    }

    internal string Path { get; }

    internal string? ClusterElsewhere => new DirectoryInfo(System.IO.Path.Combine(Path, "postgres")).LinkTarget;

    public void Dispose()
    {
        if (ClusterElsewhere is { } cluster && Directory.Exists(cluster))
            Directory.Delete(cluster, recursive: true);
        root.Delete(recursive: true);
    }
}
