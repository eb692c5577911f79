using System.Buffers;
using System.IO.Pipelines;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Connections;

/// <summary>The first two lines of a connection: +HI with the challenge, HELLO with its answer.</summary>
static class ClientHandshake
{
    /// <summary>Null when the client is to be sent away; it has been told what there is to tell. Otherwise it waits for the answer to its HELLO.</summary>
    internal static async Task<Session?> RunAsync(ConnectionContext connection, ServerState server)
    {
        var limits = server.Limits;
        var challenge = Challenge.Create();
        var output = connection.Transport.Output;
        Reply.Text(server.Passwords.IsRequired ? $"HI {{\"v\":2,\"i\":{challenge.Iterations},\"s\":\"{challenge.Salt}\"}}" : "HI {\"v\":2}").WriteTo(output);
        await output.FlushAsync();

        if (await ReadHelloAsync(connection.Transport.Input, limits, server.Clock) is not { } hello)
            return null;
        // Checking a password takes long on purpose, and others may be waiting for this thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (await RefuseAsync(hello, challenge, connection, server) is not { } refusal)
            return SessionOf(hello, connection);
        refusal.WriteTo(output);
        await output.FlushAsync();
        return null;
    }

    static async ValueTask<Reply?> RefuseAsync(Hello hello, Challenge challenge, ConnectionContext connection, ServerState server)
    {
        var passwords = server.Passwords;
        if (!passwords.IsRequired)
            return null;
        var triesMax = server.Limits.PasswordTriesPerMinuteMax;
        if (!await server.PasswordTries.TryBeginAsync(connection.RemoteEndPoint, triesMax))
            return Reply.Error($"too many wrong passwords: at most {triesMax} a minute from one address");
        var isRight = false;
        try
        {
            isRight = passwords.Accepts(hello, challenge, server.Clock.GetUtcNow());
        }
        finally
        {
            server.PasswordTries.End(connection.RemoteEndPoint, isRight, triesMax);
        }
        return isRight ? null : Reply.Error("Invalid password");
    }

    static async Task<Hello?> ReadHelloAsync(PipeReader input, ServerLimits limits, TimeProvider clock)
    {
        using var timeout = new CancellationTokenSource(limits.HandshakeFor, clock);
        while (true)
        {
            var result = await input.ReadAsync(timeout.Token);
            var buffer = result.Buffer;
            var searched = 0L;
            if (LineReader.TryRead(ref buffer, ref searched, out var line))
            {
                var hello = line.Length <= limits.HelloBytesMax ? Hello.TryRead(line.ToArray()) : null;
                input.AdvanceTo(buffer.Start);
                return hello;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || result.IsCanceled || buffer.Length > limits.HelloBytesMax)
                return null;
        }
    }

    static Session SessionOf(Hello hello, ConnectionContext connection) => new(connection.Abort)
    {
        Wid = hello.Wid,
        Hostname = hello.Hostname,
        ProcessId = hello.ProcessId,
        Labels = hello.Labels,
        ProtocolVersion = hello.Version,
        RssKilobytes = hello.RssKilobytes,
    };
}
