using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Faktory.Bench.Servers;

/// <summary>A blocking connection that reads RESP replies one at a time. One thread.</summary>
sealed class WireLine(Socket socket) : IDisposable
{
    byte[] _buffer = new byte[16 * 1024];
    int _begin;
    int _end;

    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>A reply of one line, with its first character.</summary>
    /// <exception cref="InvalidOperationException">It is an error.</exception>
    internal ReadOnlySpan<byte> ReadText()
    {
        var line = ReadLine();
        return line[0] != '-' ? line : throw new InvalidOperationException($"the server answered {Encoding.UTF8.GetString(line)}");
    }

    internal void ExpectOk()
    {
        if (!ReadText().SequenceEqual("+OK"u8))
            throw new InvalidOperationException("the server did not answer OK");
    }

    /// <summary>The bytes of a bulk reply, valid until the next read; empty for a null reply.</summary>
    internal ReadOnlySpan<byte> ReadBulk()
    {
        var head = ReadText();
        var length = int.Parse(head[1..], CultureInfo.InvariantCulture);
        if (length < 0)
            return default;
        while (_end - _begin < length + 2)
            Receive();
        var bytes = _buffer.AsSpan(_begin, length);
        _begin += length + 2;
        return bytes;
    }

    public void Dispose() => socket.Dispose();

    ReadOnlySpan<byte> ReadLine()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_begin, _end - _begin).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = _buffer.AsSpan(_begin, length);
                _begin += length + 2;
                return line;
            }

            Receive();
        }
    }

    void Receive()
    {
        if (_begin == _end)
            (_begin, _end) = (0, 0);
        if (_end == _buffer.Length)
        {
            // Moves what is unread to the front, into a larger buffer when that is not enough.
            var target = _begin > 0 ? _buffer : new byte[_buffer.Length * 2];
            Buffer.BlockCopy(_buffer, _begin, target, 0, _end - _begin);
            (_buffer, _begin, _end) = (target, 0, _end - _begin);
        }

        var received = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        _end += received > 0 ? received : throw new InvalidOperationException("the server closed the connection");
    }
}
