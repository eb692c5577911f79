using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Faktory.Client;

namespace BackupScheduler.Drills;

/// <summary>A faktory-server in a folder of its own, on loopback, that ends and disappears with this object.</summary>
sealed class ThrowAwayServer : IAsyncDisposable
{
    const string ProcessIdFile = "pid";
    const int LastWordsMax = 2_000;
    readonly string folder;
    readonly Process process;
    readonly Queue<string> lines = new();

    ThrowAwayServer(string folder, Process process)
    {
        (this.folder, this.process) = (folder, process);
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal required string AdminAddress { get; init; }
    internal required string AdminToken { get; init; }

    /// <summary>Where it serves commands, with its password.</summary>
    internal required FaktoryUrl Url { get; init; }
    internal bool HasExited => process.HasExited;

    /// <summary>The end of what it printed.</summary>
    internal string LastWords
    {
        get
        {
            lock (lines)
                return string.Join('\n', lines) is var text && text.Length > LastWordsMax ? text[^LastWordsMax..] : text;
        }
    }

    /// <summary>It serves within moments; ask its admin port.</summary>
    internal static ThrowAwayServer Start(string executable, string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (token, password) = (RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
        var instanceFile = Path.Combine(folder, "instance.json");
        WriteInstanceFile(instanceFile, token, password);
        var (commands, admin) = ($"127.0.0.1:{FreePort()}", $"127.0.0.1:{FreePort()}");
        string[] arguments =
        [
            "-b", commands, "-w", ":0", "-e", "production", "-d", Path.Combine(folder, "data"), "-c", Path.Combine(folder, "config"),
            "--admin", admin, "--instance-file", instanceFile,
        ];
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // It needs nothing of ours, least of all the connection strings.
        start.Environment.Clear();
        var process = Process.Start(start)!;
        File.WriteAllText(Path.Combine(folder, ProcessIdFile), process.Id.ToString(CultureInfo.InvariantCulture));
        return new(folder, process) { AdminAddress = $"http://{admin}", AdminToken = token, Url = FaktoryUrl.Parse($"tcp://:{password}@{commands}") };
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Ends the process that the folder names, if it still is the server that was started there, and removes the folder.</summary>
    internal static async Task RemoveAbandonedAsync(string folder, CancellationToken cancel)
    {
        var named = Path.Combine(folder, ProcessIdFile);
        if (File.Exists(named) && int.TryParse(await File.ReadAllTextAsync(named, cancel), CultureInfo.InvariantCulture, out var id) && IsServerOf(folder, id))
        {
            using var abandoned = Process.GetProcessById(id);
            abandoned.Kill(entireProcessTree: true);
            await abandoned.WaitForExitAsync(cancel);
        }
        Directory.Delete(folder, recursive: true);
    }

    static bool IsServerOf(string folder, int id)
    {
        var commandLine = $"/proc/{id}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Split('\0').Contains(Path.Combine(folder, "instance.json"));
    }

    static void WriteInstanceFile(string path, string token, string password)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new
        {
            admin_token = token,
            generation = 1,
            passwords = new[] { new { value = password } },
            limits = new { },
            features = new { },
        });
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var file = new FileStream(path, options);
        file.Write(content);
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    void Remember(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > 20)
                lines.Dequeue();
        }
    }
}
