using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Import;

/// <summary>A Redis of the test's own, on a socket in its folder: it writes the files that are to be read.</summary>
sealed class RedisServer : IAsyncDisposable
{
    readonly Process _process;
    readonly Socket _socket;
    readonly NetworkStream _stream;
    readonly string _folder;

    RedisServer(Process process, Socket socket, string folder)
    {
        (_process, _socket, _folder) = (process, socket, folder);
        _stream = new NetworkStream(socket);
    }

    const string Server = "/usr/bin/redis-server", ServerInTools = "/usr/bin/redis-check-rdb";

    internal static bool IsInstalled => File.Exists(Server) || File.Exists(ServerInTools);

    internal static async Task<RedisServer> StartAsync(string folder, params string[] settings)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "socket");
        var process = Process.Start(new ProcessStartInfo(
            Executable(folder),
            ["--port", "0", "--unixsocket", path, "--dir", folder, "--dbfilename", "faktory.rdb", "--save", "", "--appendonly", "no", .. settings])
        {
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line && !line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase))
        {
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
        return new RedisServer(process, socket, folder);
    }

    // Debian's redis-tools has the server as well, and starts no service: the program acts by the name it is called with.
    static string Executable(string folder)
    {
        if (File.Exists(Server))
            return Server;
        var link = Path.Combine(folder, "redis-server");
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, ServerInTools);
        return link;
    }

    /// <summary>Runs a command and expects it to succeed.</summary>
    internal async Task CallAsync(params string[] command)
    {
        var request = new StringBuilder($"*{command.Length}\r\n");
        foreach (var argument in command)
            request.Append($"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        using var patience = new CancellationTokenSource(Patience.Limit);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), patience.Token);
        var reply = new byte[4096];
        var length = await _stream.ReadAsync(reply, patience.Token);
        reply[0].ShouldBeOneOf((byte)'+', (byte)':');
        reply.AsSpan(0, length).EndsWith("\r\n"u8).ShouldBeTrue();
    }

    /// <summary>Writes the file, and returns its path.</summary>
    internal async Task<string> SaveAsync()
    {
        await CallAsync("SAVE");
        return Path.Combine(_folder, "faktory.rdb");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
