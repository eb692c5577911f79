using System.Buffers;
using System.Text.Json;

namespace Faktory.Client.Wire;

/// <summary>HI and HELLO, without a socket.</summary>
static class Handshake
{
    const int protocolVersion = 2;

    /// <summary>The HELLO line that answers a greeting.</summary>
    /// <exception cref="FaktoryAuthenticationException">The server wants a password and there is none.</exception>
    /// <exception cref="FaktoryProtocolException">The greeting is not Faktory's, or of another version.</exception>
    internal static byte[] Answer(Reply greeting, FaktoryUrl url, FaktoryIdentity? worker)
    {
        var (salt, iterations) = Read(greeting);
        if (salt is not null && url.Password is null)
            throw new FaktoryAuthenticationException($"{url} wants a password; put it into the URL as tcp://:password@host:port");

        var line = new ArrayBufferWriter<byte>();
        line.Write("HELLO "u8);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, protocolVersion);
            if (salt is not null)
                json.WriteString("pwdhash"u8, PasswordHash.Compute(url.Password!, salt, iterations));
            if (url.Username is not null)
                json.WriteString("username"u8, url.Username);
            if (worker is not null)
                WriteWorker(json, worker);
            json.WriteEndObject();
        }

        line.Write("\r\n"u8);
        return line.WrittenSpan.ToArray();
    }

    static void WriteWorker(Utf8JsonWriter json, FaktoryIdentity worker)
    {
        json.WriteString("wid"u8, worker.WorkerId);
        json.WriteString("hostname"u8, worker.HostName);
        json.WriteNumber("pid"u8, worker.ProcessId);
        json.WriteStartArray("labels"u8);
        foreach (var label in worker.Labels)
            json.WriteStringValue(label);
        json.WriteEndArray();
    }

    // +HI {"v":2}   or   +HI {"v":2,"i":4123,"s":"salt"}
    static (string? Salt, int Iterations) Read(Reply greeting)
    {
        if (greeting.Kind != ReplyKind.Text || !greeting.Bytes.Span.StartsWith("HI {"u8))
            throw new FaktoryProtocolException("the server did not greet with HI; is this a Faktory server?");
        try
        {
            using var hi = JsonDocument.Parse(greeting.Bytes[3..]);
            var version = hi.RootElement.GetProperty("v"u8).GetInt32();
            if (version != protocolVersion)
                throw new FaktoryProtocolException($"the server speaks version {version} of the protocol, this library {protocolVersion}");
            return hi.RootElement.TryGetProperty("s"u8, out var salt)
                ? (salt.GetString(), hi.RootElement.GetProperty("i"u8).GetInt32())
                : (null, 0);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FaktoryProtocolException("the server's greeting is not readable", wrong);
        }
    }
}
