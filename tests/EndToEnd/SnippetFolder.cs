using System.Diagnostics;

namespace EndToEnd;

/// <summary>The Node snippets of an instance's page, copied as people copy them, as files that run.</summary>
sealed class SnippetFolder : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("faktory-snippet-").FullName;
    readonly string environment;

    SnippetFolder(string environment) => this.environment = environment;

    internal string Output { get; private set; } = "";

    internal static async Task<SnippetFolder> CopyAsync(IPage page)
    {
        var folder = new SnippetFolder(await page.CopyAsync("Set the environment"));
        // In the place of the step "npm install".
        Directory.CreateSymbolicLink(Path.Combine(folder.path, "node_modules"), Path.Combine(Built.NodeFolder, "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(folder.path, "push.js"), await page.CopyAsync("Push a job: push.js"));
        await File.WriteAllTextAsync(Path.Combine(folder.path, "worker.js"), await page.CopyAsync("Process it: worker.js"));
        return folder;
    }

    /// <returns>The exit code.</returns>
    internal async Task<int> PushAsync()
    {
        (var code, Output) = await NodePackages.RunAsync(path, $"{environment}\nnode push.js", TestContext.Current.CancellationToken);
        return code;
    }

    /// <summary>Works until disposed.</summary>
    internal IAsyncDisposable StartWorker() => new Worker(Process.Start(new ProcessStartInfo("sh", ["-c", $"{environment}\nexec node worker.js"]) { WorkingDirectory = path })!);

    public void Dispose() => Directory.Delete(path, recursive: true);

    sealed class Worker(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
