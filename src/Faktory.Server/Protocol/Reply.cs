using System.Buffers;
using System.Globalization;
using System.Text;

namespace Faktory.Server.Protocol;

/// <summary>One answer on the wire (RESP2): <c>+text</c>, <c>-CODE text</c>, <c>$length</c> and bytes, or <c>$-1</c>.</summary>
readonly struct Reply
{
    readonly byte _kind;
    readonly ReadOnlyMemory<byte> _bytes;

    Reply(char kind, ReadOnlyMemory<byte> bytes)
    {
        _kind = (byte)kind;
        _bytes = bytes;
    }

    internal static readonly Reply Ok = new('+', "OK"u8.ToArray());

    /// <summary>No job.</summary>
    internal static readonly Reply Null = new('0', default);

    internal static Reply Text(string text) => new('+', Encoding.UTF8.GetBytes(text));

    /// <summary><c>-ERR text</c></summary>
    internal static Reply Error(string text) => Error("ERR", text);

    internal static Reply Error(string code, string text) => new('-', Encoding.UTF8.GetBytes($"{code} {text}"));

    /// <summary><c>-ERR text echo</c>, where the echo is what the client sent, whatever bytes these are.</summary>
    internal static Reply Error(string text, ReadOnlySpan<byte> echo) => new('-', (byte[])[.. "ERR "u8, .. Encoding.UTF8.GetBytes(text), .. echo]);

    internal static Reply Bulk(ReadOnlyMemory<byte> bytes) => new('$', bytes);

    internal bool IsError => _kind == '-';

    internal bool IsBulk => _kind == '$';

    /// <summary>What it says, without its framing.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes;

    internal void WriteTo(IBufferWriter<byte> output)
    {
        switch (_kind)
        {
            case (byte)'0':
                output.Write("$-1\r\n"u8);
                return;
            case (byte)'$':
                var header = output.GetSpan(16);
                header[0] = _kind;
                _bytes.Length.TryFormat(header[1..], out var digits, default, CultureInfo.InvariantCulture);
                "\r\n"u8.CopyTo(header[(1 + digits)..]);
                output.Advance(digits + 3);
                output.Write(_bytes.Span);
                break;
            default:
                WriteLine(output);
                break;
        }
        output.Write("\r\n"u8);
    }

    // An echoed line break would end the reply early and shift all later ones.
    void WriteLine(IBufferWriter<byte> output)
    {
        var line = output.GetSpan(1 + _bytes.Length);
        line[0] = _kind;
        _bytes.Span.CopyTo(line[1..]);
        line[1..(1 + _bytes.Length)].Replace((byte)'\r', (byte)' ');
        line[1..(1 + _bytes.Length)].Replace((byte)'\n', (byte)' ');
        output.Advance(1 + _bytes.Length);
    }

    public override string ToString() => _kind == '0' ? "$-1" : $"{(char)_kind}{Encoding.UTF8.GetString(_bytes.Span)}";
}
