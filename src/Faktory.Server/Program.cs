using Faktory.Server.Cli;
using Faktory.Server.Storage;

EmbeddedLibrary.Use();

// The one place that takes the machine's clock and dice.
#pragma warning disable RS0030
return await CommandLine.RunAsync(args, TimeProvider.System, Random.Shared);
#pragma warning restore RS0030
