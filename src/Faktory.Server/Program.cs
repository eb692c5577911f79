using Faktory.Server.Cli;

// The one place that takes the machine's clock and dice.
#pragma warning disable RS0030
return await ServeCommand.Create(TimeProvider.System, Random.Shared).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
#pragma warning restore RS0030
