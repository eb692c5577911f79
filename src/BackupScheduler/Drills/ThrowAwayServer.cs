using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Faktory.Client;

namespace BackupScheduler.Drills;

/// <summary>A faktory-server in a folder of its own, on loopback, that ends and disappears with this object.</summary>
sealed class ThrowAwayServer : IAsyncDisposable
{
    const string ProcessIdFile = "pid";
    const int LastWordsMax = 2_000;
    const string AdminLine = "faktory-server: admin ";
    const string CommandsLine = "faktory-server: listening ";
    static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);
    readonly string folder;
    readonly Process process;
    readonly Queue<string> lines = new();
    readonly TaskCompletionSource<string> admin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<string> commands = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ThrowAwayServer(string folder, Process process)
    {
        (this.folder, this.process) = (folder, process);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal string AdminAddress { get; private set; } = "";
    internal required string AdminToken { get; init; }

    /// <summary>Where it serves commands, with its password.</summary>
    internal FaktoryUrl Url { get; private set; } = FaktoryUrl.Parse("tcp://localhost");
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

    /// <summary>Starts it on ports that the system chooses, and returns when it has said which.</summary>
    /// <exception cref="DrillFailedException">It ended instead, or said nothing for half a minute.</exception>
    internal static async Task<ThrowAwayServer> StartAsync(string executable, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (token, password) = (RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
        var instanceFile = Path.Combine(folder, "instance.json");
        WriteInstanceFile(instanceFile, token, password);
        string[] arguments =
        [
            "-b", "127.0.0.1:0", "-w", ":0", "-e", "production", "-d", Path.Combine(folder, "data"), "-c", Path.Combine(folder, "config"),
            "--admin", "127.0.0.1:0", "--instance-file", instanceFile,
        ];
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // It needs nothing of ours, least of all the connection strings.
        start.Environment.Clear();
        var process = Process.Start(start)!;
        await File.WriteAllTextAsync(Path.Combine(folder, ProcessIdFile), process.Id.ToString(CultureInfo.InvariantCulture), cancel);
        var server = new ThrowAwayServer(folder, process) { AdminToken = token };
        try
        {
            server.AdminAddress = await server.admin.Task.WaitAsync(StartWithin, cancel);
            var commands = await server.commands.Task.WaitAsync(StartWithin, cancel);
            server.Url = FaktoryUrl.Parse(commands.Replace("tcp://", $"tcp://:{password}@", StringComparison.Ordinal));
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            if (failure is TimeoutException)
                throw new DrillFailedException($"The server of the drill did not start: {server.LastWords}");
            throw;
        }
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

    // The server names its ports in these two lines; the end of its output means that it has ended.
    void Hear(string? line)
    {
        Remember(line);
        if (line is null)
        {
            var ended = new DrillFailedException($"The server of the drill ended: {LastWords}");
            admin.TrySetException(ended);
            commands.TrySetException(ended);
        }
        else if (line.StartsWith(AdminLine, StringComparison.Ordinal))
            admin.TrySetResult(line[AdminLine.Length..]);
        else if (line.StartsWith(CommandsLine, StringComparison.Ordinal))
            commands.TrySetResult(line[CommandsLine.Length..]);
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
