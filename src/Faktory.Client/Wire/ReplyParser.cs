using System.Buffers;
using System.Buffers.Text;

namespace Faktory.Client.Wire;

/// <summary>RESP2 as far as Faktory uses it: no arrays. Pure: no socket, no state.</summary>
static class ReplyParser
{
    // Texts and errors are a line; the longest error echoes a command, which bulk replies bound too.
    const int lineBytesMax = 64 * 1024;

    /// <summary>Takes one whole reply off the front of the buffer; false, and the buffer as it was, while it is incomplete.</summary>
    /// <exception cref="FaktoryProtocolException">The bytes are no reply, or one longer than <paramref name="bulkBytesMax"/>.</exception>
    internal static bool TryRead(ref ReadOnlySequence<byte> buffer, int bulkBytesMax, out Reply reply)
    {
        reply = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!TryReadLine(ref reader, out var line))
            return false;
        if (line.Length == 0)
            throw new FaktoryProtocolException("the server sent an empty line where a reply was due");

        var rest = line.Slice(1);
        switch (line.FirstSpan[0])
        {
            case (byte)'+':
                reply = new(ReplyKind.Text, rest.ToArray());
                break;
            case (byte)'-':
                reply = new(ReplyKind.Error, rest.ToArray());
                break;
            case (byte)':':
                reply = new(ReplyKind.Integer, rest.ToArray());
                break;
            case (byte)'$':
                if (!TryReadBulk(ref reader, Length(rest, bulkBytesMax), out reply))
                    return false;
                break;
            default:
                throw new FaktoryProtocolException($"the server sent byte {line.FirstSpan[0]} where a reply was due; is this a Faktory server, and with or without TLS?");
        }

        buffer = buffer.Slice(reader.Position);
        return true;
    }

    static bool TryReadLine(ref SequenceReader<byte> reader, out ReadOnlySequence<byte> line)
    {
        if (reader.TryReadTo(out line, (byte)'\n'))
        {
            if (line.Length > 0 && line.Slice(line.Length - 1).FirstSpan[0] == (byte)'\r')
                line = line.Slice(0, line.Length - 1);
            return true;
        }

        if (reader.Remaining > lineBytesMax)
            throw new FaktoryProtocolException($"the server sent a line of more than {lineBytesMax} bytes");
        return false;
    }

    // $ length CRLF bytes CRLF, or $-1 CRLF for nothing
    static bool TryReadBulk(ref SequenceReader<byte> reader, int length, out Reply reply)
    {
        reply = new(ReplyKind.Null, default);
        if (length < 0)
            return true;
        if (reader.Remaining < length + 2)
            return false;

        reply = new(ReplyKind.Bulk, reader.UnreadSequence.Slice(0, length).ToArray());
        reader.Advance(length);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
            throw new FaktoryProtocolException("a reply is longer than the server said");
        return true;
    }

    static int Length(ReadOnlySequence<byte> digits, int bulkBytesMax)
    {
        Span<byte> text = stackalloc byte[12];
        if (digits.Length is > 0 and < 12)
        {
            digits.CopyTo(text);
            if (Utf8Parser.TryParse(text[..(int)digits.Length], out int length, out var used) && used == digits.Length && length >= -1)
                return length <= bulkBytesMax ? length
                    : throw new FaktoryProtocolException($"the server announced a reply of {length} bytes; at most {bulkBytesMax} are read");
        }

        throw new FaktoryProtocolException("the server announced a reply of no readable length");
    }
}
