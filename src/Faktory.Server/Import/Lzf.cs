namespace Faktory.Server.Import;

/// <summary>LZF, the compression of strings in Redis' files.</summary>
static class Lzf
{
    const int LiteralsMax = 32;

    /// <summary>False when the bytes are not LZF, or not of this length.</summary>
    // 000LLLLL, then L+1 literals | LLLooooo oooooooo, then L+2 bytes from o+1 back | 111ooooo LLLLLLLL oooooooo, then L+9
    internal static bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var (read, written) = (0, 0);
        while (read < input.Length)
        {
            int control = input[read++];
            if (control < LiteralsMax)
            {
                var literals = control + 1;
                if (literals > input.Length - read || literals > output.Length - written)
                    return false;
                input.Slice(read, literals).CopyTo(output[written..]);
                (read, written) = (read + literals, written + literals);
                continue;
            }
            var length = control >> 5;
            if (length == 7)
            {
                if (read >= input.Length)
                    return false;
                length += input[read++];
            }
            if (read >= input.Length)
                return false;
            var from = written - ((control & 31) << 8 | input[read++]) - 1;
            length += 2;
            if (from < 0 || length > output.Length - written)
                return false;
            // Byte by byte: the two may overlap, which repeats what is in between.
            for (; length > 0; length--)
                output[written++] = output[from++];
        }
        return written == output.Length;
    }
}
