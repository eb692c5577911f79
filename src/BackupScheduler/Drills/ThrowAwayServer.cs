using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace BackupScheduler.Drills;

/// <summary>A faktory-server in a folder of its own, on loopback, that ends and disappears with this object.</summary>
sealed class ThrowAwayServer : IAsyncDisposable
{
    const string ProcessIdFile = "pid";
    const int LastWordsMax = 2_000;
    readonly string folder;
    readonly Process process;
    readonly Queue<string> lines = new();

    ThrowAwayServer(string folder, Process process, string adminAddress, string adminToken)
    {
        (this.folder, this.process, AdminAddress, AdminToken) = (folder, process, adminAddress, adminToken);
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal string AdminAddress { get; }
    internal string AdminToken { get; }
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

    internal static ThrowAwayServer Start(string executable, string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var instanceFile = Path.Combine(folder, "instance.json");
        WriteInstanceFile(instanceFile, token);
        var admin = $"127.0.0.1:{FreePort()}";
        string[] arguments =
        [
            "-b", $"127.0.0.1:{FreePort()}", "-w", ":0", "-e", "production", "-d", Path.Combine(folder, "data"), "-c", Path.Combine(folder, "config"),
            "--admin", admin, "--instance-file", instanceFile,
        ];
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // It needs nothing of ours, least of all the connection strings.
        start.Environment.Clear();
        var process = Process.Start(start)!;
        File.WriteAllText(Path.Combine(folder, ProcessIdFile), process.Id.ToString(CultureInfo.InvariantCulture));
        return new(folder, process, $"http://{admin}", token);
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

    static void WriteInstanceFile(string path, string token)
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
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
