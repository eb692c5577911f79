using System.CommandLine;
using System.Runtime.InteropServices;
using Faktory.Server.Commands;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Command = System.CommandLine.Command;

namespace Faktory.Server.Cli;

/// <summary><c>serve</c>, and what the program does without a verb. The flags are the original's.</summary>
static class ServeCommand
{
    static readonly Option<string> Commands = new("-b") { Description = "where commands are served", HelpName = "host:port" };
    static readonly Option<string> Web = new("-w") { Description = "where the web UI is served; :0 for none", HelpName = "host:port" };
    static readonly Option<string> Level = new("-l") { Description = "error, warn, info or debug", HelpName = "level" };
    static readonly Option<string> Durable = new("--durability") { Description = "sync: +OK only to what is on disk (default); interval[:ms]: on disk within that time", HelpName = "mode" };
    static readonly Option<bool> Version = new("-v") { Description = "print the version and exit" };

    static readonly Option<string[]> Limit = new("--limit") { Description = "a limit, such as connections_max=100; may be given several times", HelpName = "name=value" };

    static ServeCommand() => Level.AcceptOnlyFromAmong("error", "warn", "info", "debug");

    internal static void Define(Command command, TimeProvider clock, Random random)
    {
        foreach (var flag in (Option[])[Commands, Web, Flags.Environment, Flags.Data, Flags.Config, Level, Durable, Version, Flags.Admin, Flags.Instance, Limit])
            command.Options.Add(flag);
        command.SetAction((parsed, _) => RunAsync(parsed, clock, random));
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
            return ExitCode.BadConfiguration;
        }
        catch (StorageException e)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {e.Message}");
            return ExitCode.StorageFailed;
        }
        catch (AddressInUseException e)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {e.Message}");
            return ExitCode.AddressInUse;
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

        var options = readOptions();
        Warn(options);
        await using var server = await ServerHost.StartAsync(options, clock, random);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Reload(server, readOptions);
        });
        if (server.Damage is { } damage)
            await Console.Error.WriteLineAsync($"faktory-server: the data needs repair or a restore, no commands are served: {damage}");
        if (server.AdminEndpoint is { } admin)
            await Console.Out.WriteLineAsync($"faktory-server: admin http://{admin}");
        if (server.WebEndpoint is { } web)
            await Console.Out.WriteLineAsync($"faktory-server: web UI http://{web}");
        if (server.Damage is null)
            await Console.Out.WriteLineAsync($"faktory-server: listening tcp://{server.CommandEndpoint}");
        using var footprint = new Footprint(server.State.Traffic, clock);
        await Task.WhenAny(stop.Task, server.Failed);
        if (!server.Failed.IsCompleted)
            return 0;
        await Console.Error.WriteLineAsync($"faktory-server: storage failed, nothing is acknowledged any more: {(await server.Failed).Message}");
        // No tidy shutdown: it would sync again, and what that says cannot be believed after a failure.
        Environment.Exit(ExitCode.StorageFailed);
        return ExitCode.StorageFailed;
    }

    static void Warn(ServerOptions options)
    {
        foreach (var warning in options.Warnings)
            Console.Error.WriteLine($"faktory-server: {warning}");
    }

    // What cannot be used is said, and changes nothing: a running server does not end over a typing error.
    static void Reload(ServerHost server, Func<ServerOptions> readOptions)
    {
        try
        {
            var options = readOptions();
            Warn(options);
            server.Reload(options);
            Console.Error.WriteLine("faktory-server: configuration read again");
        }
        catch (ConfigurationException e)
        {
            Console.Error.WriteLine($"faktory-server: configuration not read again: {e.Message}");
        }
    }

    static ServerOptions ReadOptions(ParseResult flags)
    {
        var environment = Flags.EnvironmentOf(flags);
        var config = Flags.ConfigOf(flags);
        var instance = Flags.InstanceOf(flags);
        var files = TomlSettings.Load(config);
        var limits = LimitSettings.Parse(flags.GetValue(Limit) ?? []);
        limits.Check();
        files.Limits?.Check();
        return new ServerOptions
        {
            Limits = limits.Apply((files.Limits ?? new LimitSettings()).Apply(new ServerLimits())),
            Rules = new EngineRules(
                limits.Apply((files.Limits ?? new LimitSettings()).Apply(EngineLimits.Default)),
                FeatureSet.All,
                ThrottleSettings.Read(files.Throttles, files.JobtypeThrottles),
                CronSettings.Read(files.Cron),
                WeightSettings.Read(files.Weights)),
            CommandBinding = flags.GetValue(Commands) ?? files.Faktory?.Binding ?? ServerOptions.DefaultCommandBinding,
            WebBinding = flags.GetValue(Web) ?? files.Web?.Binding ?? ServerOptions.DefaultWebBinding,
            DataDirectory = Flags.DataOf(flags),
            ConfigDirectory = config,
            LogLevel = LevelOf(flags.GetValue(Level)),
            Passwords = instance is null ? PasswordSource.Find(environment, config, files.Faktory, Environment.GetEnvironmentVariable) : PasswordPolicy.Open,
            WebPasswords = PasswordSource.FindForWeb(files.Web),
            AllowsEnqueue = files.Web?.Enqueue ?? false,
            AdminBinding = Flags.AdminOf(flags),
            InstanceFile = instance,
            Statsd = StatsdSettings.Find(files.Statsd, Environment.GetEnvironmentVariable),
            Otlp = OtlpSettings.Find(Environment.GetEnvironmentVariable),
            Warnings = [.. files.Warnings],
            Durability = Durability.Parse(flags.GetValue(Durable) ?? Flags.Variable("FAKTORY_DURABILITY") ?? files.Storage?.Durability ?? "sync"),
        };
    }

    static LogLevel LevelOf(string? word) => word switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "debug" => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}
