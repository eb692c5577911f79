using System.Net;
using System.Net.Sockets;
using System.Text;
using Faktory.Client;

namespace Faktory.Conformance.Servers;

/// <summary>
/// A listener that misbehaves as told: for what a sound server never does. Each connection plays the script that stands at its
/// place, the last one for all that follow.
/// </summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _ended = new();
    readonly Func<Line, Task>[] _scripts;
    readonly Task _accepting;
    int _connections;

    internal ScriptedServer(params Func<Line, Task>[] scripts)
    {
        _scripts = scripts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Connections => Volatile.Read(ref _connections);

    internal FaktoryClientOptions Options(TimeProvider? clock = null) => new(
        new FaktoryUrl { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }, clock ?? TimeProvider.System);

    /// <summary>A script that greets, takes HELLO, and goes on with <paramref name="then"/>.</summary>
    internal static Func<Line, Task> Greeting(Func<Line, Task> then) => async line =>
    {
        await line.SayAsync("+HI {\"v\":2}\r\n");
        await line.HearAsync();
        await line.SayAsync("+OK\r\n");
        await then(line);
    };

    public async ValueTask DisposeAsync()
    {
        // Stopped last: a listener that is stopped refuses to be asked for the next connection.
        await _ended.CancelAsync();
        await _accepting;
        _listener.Stop();
        _ended.Dispose();
    }

    async Task AcceptAsync()
    {
        var playing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                var place = Interlocked.Increment(ref _connections) - 1;
                playing.Add(PlayAsync(client, _scripts[Math.Min(place, _scripts.Length - 1)]));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(playing);
        }
    }

    async Task PlayAsync(TcpClient client, Func<Line, Task> script)
    {
        using (client)
        {
            try
            {
                using var line = new Line(client.GetStream(), _ended.Token);
                await script(line);
            }
            catch (Exception over) when (over is OperationCanceledException or IOException)
            {
                // The client left, or the test is over.
            }
        }
    }

    internal sealed class Line(NetworkStream stream, CancellationToken ended) : IDisposable
    {
        readonly StreamReader _reader = new(stream, Encoding.UTF8);

        internal async Task<string?> HearAsync() => await _reader.ReadLineAsync(ended);

        internal async Task SayAsync(string bytes) => await stream.WriteAsync(Encoding.UTF8.GetBytes(bytes), ended);

        internal Task KeepSilentAsync() => Task.Delay(Timeout.Infinite, ended);

        public void Dispose() => _reader.Dispose();
    }
}
