using System.CommandLine;
using System.Runtime.InteropServices;
using ControlPlane.Host.Postgres;

namespace ControlPlane.Host;

/// <summary>The command line of the host.</summary>
static class HostCommand
{
    /// <summary>Signals are ours: a stop in order takes longer than the two seconds that the library would grant.</summary>
    internal static InvocationConfiguration WithoutSignals { get; } = new() { ProcessTerminationTimeout = null };

    internal static RootCommand Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The folder for everything that is kept.", DefaultValueFactory = _ => new DirectoryInfo(".data") };
        var api = Port("--api", "The port of the HTTP API.", LoopbackPort.PreferredApi);
        var portal = Port("--portal", "The port of the portal.", LoopbackPort.PreferredPortal);
        var engine = new Option<string>("--engine") { Description = "What runs the instances; auto takes Docker where it answers.", DefaultValueFactory = _ => "auto" };
        engine.AcceptOnlyFromAmong("auto", "process", "docker");
        var operatorLink = new Option<bool>("--operator-link") { Description = "Prints a new one-time operator link even though there is an operator." };
        var volatileOption = new Option<bool>("--volatile") { Description = "Gives up durability of the control plane's database, for tests." };
        var verbose = new Option<bool>("--verbose") { Description = "Shows what the processes log, not only warnings." };

        var command = new RootCommand("Faktory Cloud on this machine: API, portal, Provisioner, BackupScheduler and a PostgreSQL of their own.")
        {
            data, api, portal, engine, operatorLink, volatileOption, verbose,
        };
        command.SetAction(parsed => RunAsync(new HostOptions(
            parsed.GetRequiredValue(data).FullName,
            parsed.GetValue(api),
            parsed.GetValue(portal),
            parsed.GetRequiredValue(engine),
            parsed.GetValue(operatorLink),
            IsDurable: !parsed.GetValue(volatileOption),
            parsed.GetValue(verbose))));
        return command;
    }

    static Option<int?> Port(string name, string description, int preferred)
    {
        var option = new Option<int?>(name) { Description = $"{description} Without it {preferred}, or the next one that is free." };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535))
                result.AddError($"{name} must be a port between 1 and 65535.");
        });
        return option;
    }

    /// <returns>0 after a stop that was asked for; 1 when it could not start, or a part of it failed.</returns>
    static async Task<int> RunAsync(HostOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = Stop(PosixSignal.SIGINT, stop);
        using var terminate = Stop(PosixSignal.SIGTERM, stop);
        using var hangUp = Stop(PosixSignal.SIGHUP, stop);
        try
        {
            return await EmbeddedControlPlane.RunAsync(options, TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0; // Stopped while it was starting.
        }
        catch (Exception refusal) when (refusal is HostRefusedException or PrivatePostgresException)
        {
            await Console.Error.WriteLineAsync($"error: {refusal.Message}");
            return 1;
        }
    }

    // A second signal changes nothing: a stop in order takes seconds, and cutting it short would only leave more to repair.
    static PosixSignalRegistration Stop(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
}
