using System.Diagnostics;

namespace ControlPlane.Host.Postgres;

/// <summary>
/// The system user that PostgreSQL runs as. PostgreSQL refuses root, so root becomes <c>postgres</c>, the user that the
/// distribution's package creates; anybody else stays who they are.
/// </summary>
static class PostgresUser
{
    const string Name = "postgres";

    internal static bool IsAnotherUser => Environment.IsPrivilegedProcess;

    /// <summary>A command line with which <paramref name="command"/> runs as that user.</summary>
    internal static string[] CommandLine(params string[] command) => IsAnotherUser
        ? ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups", "--inh-caps=-all", .. command]
        : command;

    /// <summary>Makes sure that a folder exists, belongs to that user, and is closed to everybody else.</summary>
    internal static Task OwnAsync(string folder, CancellationToken cancel) => RunAsync(
        IsAnotherUser ? ["install", "-d", "-m", "0700", "-o", Name, "-g", Name, folder] : ["install", "-d", "-m", "0700", folder], cancel);

    /// <summary>Whether that user gets as far as into the folder: those above it may be closed, as <c>/root</c> is.</summary>
    internal static async Task<bool> CanEnterAsync(string folder, CancellationToken cancel) =>
        !IsAnotherUser || (await TryRunAsync(CommandLine("test", "-x", folder), cancel)).ExitCode == 0;

    /// <exception cref="PrivatePostgresException">It ended with another code than 0; what it said is in the message.</exception>
    internal static async Task RunAsync(string[] command, CancellationToken cancel)
    {
        var (exitCode, output) = await TryRunAsync(command, cancel);
        if (exitCode != 0)
            throw new PrivatePostgresException($"`{string.Join(' ', command)}` failed with code {exitCode}: {output.Trim()}");
    }

    static async Task<(int ExitCode, string Output)> TryRunAsync(string[] command, CancellationToken cancel)
    {
        using var process = Process.Start(StartInfo(command)) ?? throw new PrivatePostgresException($"`{command[0]}` did not start");
        process.StandardInput.Close();
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, string.Concat(output));
    }

    /// <summary>Nothing of our environment goes along (it may hold secrets), and the working folder is one that everybody can enter.</summary>
    internal static ProcessStartInfo StartInfo(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }
}
