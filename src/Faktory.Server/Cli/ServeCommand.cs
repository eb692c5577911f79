using System.CommandLine;
using System.Runtime.InteropServices;
using Faktory.Server.Commands;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Faktory.Server.Cli;

/// <summary>What the program does without a verb: serve. The flags are the original's.</summary>
static class ServeCommand
{
    // sysexits.h
    const int BadConfiguration = 78;
    const int StorageFailed = 74;
    // EADDRINUSE
    const int AddressInUse = 98;

    static readonly Option<string> Command = new("-b") { Description = "where commands are served", HelpName = "host:port" };
    static readonly Option<string> Web = new("-w") { Description = "where the web UI is served; :0 for none", HelpName = "host:port" };
    static readonly Option<string> Environment = new("-e") { Description = "development, staging or production", HelpName = "environment" };
    static readonly Option<string> Data = new("-d") { Description = "where jobs are stored", HelpName = "folder" };
    static readonly Option<string> Config = new("-c") { Description = "where configuration is read from", HelpName = "folder" };
    static readonly Option<string> Level = new("-l") { Description = "error, warn, info or debug", HelpName = "level" };
    static readonly Option<bool> Version = new("-v") { Description = "print the version and exit" };

    static readonly Option<string> Admin = new("--admin") { Description = "where the operator is served; off unless given", HelpName = "host:port" };
    static readonly Option<string> Instance = new("--instance-file") { Description = "a JSON file with passwords and limits", HelpName = "file" };

    internal static RootCommand Create(TimeProvider clock, Random random)
    {
        var root = new RootCommand("faktory-server: a job server that speaks the Faktory protocol") { Command, Web, Environment, Data, Config, Level, Version, Admin, Instance };
        root.Subcommands.Add(HealthcheckCommand.Create(Admin, clock));
        Environment.AcceptOnlyFromAmong("development", "staging", "production");
        Level.AcceptOnlyFromAmong("error", "warn", "info", "debug");
        root.SetAction((parsed, _) => RunAsync(parsed, clock, random));
        return root;
    }

    static async Task<int> RunAsync(ParseResult flags, TimeProvider clock, Random random)
    {
        if (flags.GetValue(Version))
        {
            await Console.Out.WriteLineAsync($"faktory-server {ServerVersion.Product} (Faktory {Info.FaktoryVersion})");
            return 0;
        }
        try
        {
            return await ServeAsync(() => ReadOptions(flags), clock, random);
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {e.Message}");
            return BadConfiguration;
        }
        catch (StorageException e)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {e.Message}");
            return StorageFailed;
        }
        catch (AddressInUseException e)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {e.Message}");
            return AddressInUse;
        }
    }

    static async Task<int> ServeAsync(Func<ServerOptions> readOptions, TimeProvider clock, Random random)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        await using var server = await ServerHost.StartAsync(readOptions(), clock, random);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Reload(server, readOptions);
        });
        if (server.Damage is { } damage)
            await Console.Error.WriteLineAsync($"faktory-server: the data needs repair or a restore, no commands are served: {damage}");
        if (server.AdminEndpoint is { } admin)
            await Console.Out.WriteLineAsync($"faktory-server: admin http://{admin}");
        if (server.Damage is null)
            await Console.Out.WriteLineAsync($"faktory-server: listening tcp://{server.CommandEndpoint}");
        await Task.WhenAny(stop.Task, server.Failed);
        if (!server.Failed.IsCompleted)
            return 0;
        await Console.Error.WriteLineAsync($"faktory-server: storage failed, nothing is acknowledged any more: {(await server.Failed).Message}");
        // No tidy shutdown: it would sync again, and what that says cannot be believed after a failure.
        System.Environment.Exit(StorageFailed);
        return StorageFailed;
    }

    // What cannot be used is said, and changes nothing: a running server does not end over a typing error.
    static void Reload(ServerHost server, Func<ServerOptions> readOptions)
    {
        try
        {
            server.Reload(readOptions());
            Console.Error.WriteLine("faktory-server: configuration read again");
        }
        catch (ConfigurationException e)
        {
            Console.Error.WriteLine($"faktory-server: configuration not read again: {e.Message}");
        }
    }

    static ServerOptions ReadOptions(ParseResult flags)
    {
        var environment = flags.GetValue(Environment) ?? Variable("FAKTORY_ENV") ?? "development";
        if (environment is not ("development" or "staging" or "production"))
            throw new ConfigurationException($"FAKTORY_ENV is \"{environment}\": it must be development, staging or production");
        var isDevelopment = environment == "development";
        var home = Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".faktory");
        var config = flags.GetValue(Config) ?? (isDevelopment ? home : "/etc/faktory");
        var instance = flags.GetValue(Instance) ?? Variable("FAKTORY_INSTANCE_FILE");
        var files = TomlSettings.Load(config);
        return new ServerOptions
        {
            CommandBinding = flags.GetValue(Command) ?? files.Faktory?.Binding ?? ServerOptions.DefaultCommandBinding,
            WebBinding = flags.GetValue(Web) ?? files.Web?.Binding ?? ServerOptions.DefaultWebBinding,
            DataDirectory = flags.GetValue(Data) ?? (isDevelopment ? Path.Combine(home, "db") : "/var/lib/faktory/db"),
            ConfigDirectory = config,
            LogLevel = LevelOf(flags.GetValue(Level)),
            Passwords = instance is null ? PasswordSource.Find(environment, config, files.Faktory, Variable) : PasswordPolicy.Open,
            AdminBinding = flags.GetValue(Admin) ?? Variable("FAKTORY_ADMIN_BINDING"),
            InstanceFile = instance,
        };
    }

    static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name);

    static LogLevel LevelOf(string? word) => word switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "debug" => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}
