using System.Diagnostics;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Server.Tests.Hosting;

/// <summary>A whole server in this process: real sockets, real RocksDB in a folder of its own, and a clock that only the test moves.</summary>
sealed class TestServer : IAsyncDisposable
{
    internal static readonly DateTimeOffset StartedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    readonly TestFolder _folder = new();
    readonly ServerOptions _options;
    ServerHost _host = null!;

    TestServer(Func<ServerOptions, ServerOptions>? configure)
    {
        var options = new ServerOptions
        {
            CommandBinding = "127.0.0.1:0",
            WebBinding = ":0",
            DataDirectory = _folder["data"],
            ConfigDirectory = _folder["config"],
            LogLevel = LogLevel.None,
        };
        _options = configure?.Invoke(options) ?? options;
    }

    internal FakeTimeProvider Clock { get; } = new(StartedAt);

    internal ServerHost Host => _host;

    internal ServerState State => _host.State;

    internal EngineLoop Engine => State.Engine!;

    internal string DataDirectory => _options.DataDirectory;

    internal int Port => _host.CommandEndpoint.Port;

    internal static async Task<TestServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        var server = new TestServer(configure);
        try
        {
            await server.StartHostAsync();
            return server;
        }
        catch
        {
            server._folder.Dispose();
            throw;
        }
    }

    internal static Task<TestServer> StartAsync(ServerLimits limits) => StartAsync(options => options with { Limits = limits });

    internal static Task<TestServer> StartAsync(params Password[] passwords) =>
        StartAsync(options => options with { Passwords = new PasswordPolicy(passwords) });

    /// <summary>Stops as on a signal, and starts on the same data.</summary>
    internal async Task RestartAsync(Action? meanwhile = null)
    {
        await _host.DisposeAsync();
        meanwhile?.Invoke();
        await StartHostAsync();
    }

    /// <summary>After the test has disposed the host itself.</summary>
    internal Task StartAgainAsync() => StartHostAsync();

    /// <summary>What SIGHUP does.</summary>
    internal void Reload() => _host.Reload(_options);

    /// <summary>A connection on which nothing has been said yet.</summary>
    internal Task<WireClient> DialAsync() => WireClient.DialAsync(Port);

    /// <summary>A connection that has said HELLO and was let in.</summary>
    internal async Task<WireClient> ConnectAsync(string hello = """{"v":2}""")
    {
        var client = await DialAsync();
        (await client.ReadLineAsync()).ShouldStartWith("+HI ");
        (await client.CallAsync($"HELLO {hello}")).ShouldBe("+OK");
        return client;
    }

    internal Task<WireClient> ConnectWorkerAsync(string wid) => ConnectAsync($$"""{"v":2,"wid":"{{wid}}","hostname":"box","pid":7,"labels":["blue"]}""");

    /// <summary>Moves the clock, and returns when everything that became due is done and its answers are on their way.</summary>
    internal async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        Clock.Advance(by);
        await SettleAsync();
    }

    /// <summary>Returns when the engine has nothing left to do at this time.</summary>
    internal Task SettleAsync() => UntilAsync(engine => engine.Timers.IdleFor > TimeSpan.Zero);

    /// <summary>Waits until the engine is in a state that the test has brought about from outside.</summary>
    internal async Task UntilAsync(Func<JobEngine, bool> isReached)
    {
        var began = Stopwatch.StartNew();
        do
        {
            began.Elapsed.ShouldBeLessThan(Patience.Limit, "what the test waits for does not happen");
            // The second look is at a turn of the engine that began after the first one was over, with its timer set.
            await Engine.CallAsync(isReached);
        }
        while (!await Engine.CallAsync(isReached));
    }

    internal Task UntilWaitingAsync(int fetches = 1) => UntilAsync(engine => engine.Waiting.Count == fetches);

    /// <summary>The jid that FETCH gives without waiting; null, and two seconds later, when there is nothing.</summary>
    internal async Task<string?> FetchNowAsync(WireClient client, string queues = "default")
    {
        var fetched = client.FetchJidAsync(queues);
        await UntilAsync(engine => fetched.IsCompleted || engine.Waiting.Count == 1);
        if (!fetched.IsCompleted)
            await AdvanceAsync(TimeSpan.FromSeconds(2));
        return await fetched;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    async Task StartHostAsync() => _host = await ServerHost.StartAsync(_options, Clock, new Random(1));
}
