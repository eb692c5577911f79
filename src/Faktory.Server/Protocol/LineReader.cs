using System.Buffers;

namespace Faktory.Server.Protocol;

/// <summary>Cuts the byte stream into lines.</summary>
static class LineReader
{
    // line = *octet (CRLF / LF)
    /// <param name="buffer">What has arrived; a line that is found is cut off its front.</param>
    /// <param name="searched">How much of the buffer is known to hold no line end, so that a long line is not searched again with each packet.</param>
    /// <param name="line">Without its line end.</param>
    internal static bool TryRead(ref ReadOnlySequence<byte> buffer, ref long searched, out ReadOnlySequence<byte> line)
    {
        if (buffer.Slice(searched).PositionOf((byte)'\n') is not { } end)
        {
            searched = buffer.Length;
            line = default;
            return false;
        }
        searched = 0;
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        if (line.Length > 0 && line.Slice(line.Length - 1).FirstSpan[0] == '\r')
            line = line.Slice(0, line.Length - 1);
        return true;
    }
}
