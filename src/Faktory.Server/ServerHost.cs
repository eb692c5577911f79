using System.Net;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faktory.Server;

/// <summary>A running server: its data folder, its engine and its listeners. Stops when it is disposed, after finishing what has begun.</summary>
sealed class ServerHost : IAsyncDisposable
{
    readonly DataFolder _folder;
    readonly ServerState _state;
    readonly WebApplication _app;
    readonly ListenOptions _commands;

    ServerHost(DataFolder folder, ServerState state, WebApplication app, ListenOptions commands)
    {
        _folder = folder;
        _state = state;
        _app = app;
        _commands = commands;
    }

    /// <summary>Where commands are served, with the port that port 0 became.</summary>
    internal IPEndPoint CommandEndpoint => _commands.IPEndPoint!;

    internal ServerState State => _state;

    /// <summary>Completes, with the reason, when the storage failed: nothing is acknowledged any more and the process has to end.</summary>
    internal Task<Exception> Failed => _state.Engine!.Failed;

    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="StorageException">The data cannot be opened.</exception>
    internal static async Task<ServerHost> StartAsync(ServerOptions options, TimeProvider clock, Random random)
    {
        var endpoint = Binding.Parse(options.CommandBinding);
        var folder = DataFolder.Open(options.DataDirectory);
        EngineLoop? engine = null;
        try
        {
            var state = new ServerState(clock) { Limits = options.Limits, Passwords = options.Passwords };
            engine = new EngineLoop(JobStore.Open(folder.StorePath), store => new JobEngine(store, clock, random), clock);
            await engine.Started;
            state.Engine = engine;

            ListenOptions commands = null!;
            var app = Build(options, kestrel => kestrel.Listen(endpoint, listen =>
            {
                commands = listen;
                listen.Run(new CommandPort(state).ServeAsync);
            }));
            await app.StartAsync();
            return new ServerHost(folder, state, app, commands);
        }
        catch
        {
            engine?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _state.Engine?.Dispose();
        _folder.Dispose();
    }

    static WebApplication Build(ServerOptions options, Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            listen(kestrel);
        });
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", options.LogLevel > LogLevel.Warning ? options.LogLevel : LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        // Standard output is for what a program that starts the server waits for.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        return builder.Build();
    }

    /// <summary>Signals are the program's business: several servers may run in one process.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
