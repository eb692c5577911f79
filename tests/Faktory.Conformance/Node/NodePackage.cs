using System.Diagnostics;
using System.Reflection;

namespace Faktory.Conformance.Node;

/// <summary>npm's faktory-worker at the version that package-lock.json pins, installed once, without running its scripts.</summary>
static class NodePackage
{
    /// <summary>The folder of package.json and of the scripts.</summary>
    internal static string Folder { get; } =
        typeof(NodePackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "NodeFolder").Value!;

    internal static Task EnsureInstalledAsync() => Installation.Done;

    static async Task InstallAsync()
    {
        var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
        var present = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (present.Exists && present.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
            return;

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm ci failed:\n{await output}{await errors}");
    }

    // Begins when the first test asks for it, once for all.
    static class Installation
    {
        internal static readonly Task Done = InstallAsync();
    }
}
