using Faktory.Server.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Faktory.Server;

/// <summary>Kestrel and a logger, and nothing else of what a web application usually brings.</summary>
static class WebListener
{
    internal const int BodyBytesMax = 256 << 10;
    const int HeaderBytesMax = 16 << 10;

    // People and scrapers come back within seconds, or open a new connection.
    static readonly TimeSpan HeadersFor = TimeSpan.FromSeconds(10);
    static readonly TimeSpan KeepAliveFor = TimeSpan.FromSeconds(60);

    internal static WebApplication Build(ServerOptions options, IConnectionListenerFactory commands, Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersFor;
            kestrel.Limits.KeepAliveTimeout = KeepAliveFor;
            listen(kestrel);
        });
        builder.Services.AddSingleton(commands);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        Log(builder, options.LogLevel);
        return builder.Build();
    }

    static void Log(WebApplicationBuilder builder, LogLevel level)
    {
        builder.Logging.SetMinimumLevel(level).AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        // What goes wrong at the start is thrown, and said in one line by whoever started us.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        // Standard output is for what a program that starts the server waits for.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Signals are the program's business: several servers may run in one process.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
