using System.CommandLine;
using Faktory.Server.Cli.Repl;

namespace Faktory.Server.Cli;

/// <summary>The verbs of the program. Without one it serves, as the original does.</summary>
static class CommandLine
{
    internal static async Task<int> RunAsync(string[] arguments, TimeProvider clock, Random random)
    {
        var parsed = Create(clock, random).Parse(arguments);
        var code = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    static RootCommand Create(TimeProvider clock, Random random)
    {
        var root = new RootCommand("faktory-server: a job server that speaks the Faktory protocol")
        {
            HealthcheckCommand.Create(clock),
            StatsCommand.Create(),
            CancelCommand.Create(),
            PauseCommand.Create(),
            PauseCommand.CreateResume(),
            BatchesCommand.Create(),
            CronCommand.Create(),
            ThrottlesCommand.Create(),
            LocksCommand.Create(),
            BackupCommand.Create(clock),
            RestoreCommand.Create(clock),
            PurgeCommand.Create(),
            VerifyCommand.Create(),
            RepairCommand.Create(),
            ImportCommand.Create(clock),
            ReplCommand.Create(),
        };
        var serve = new Command("serve", "serve commands; the same as no verb at all");
        foreach (var command in (Command[])[root, serve])
            ServeCommand.Define(command, clock, random);
        root.Subcommands.Add(serve);
        return root;
    }
}
