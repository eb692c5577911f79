namespace Faktory.Server.Commands;

/// <summary>
/// Redis' patterns over bytes: <c>*</c> any bytes, <c>?</c> one byte, <c>[a-z]</c> and <c>[^a-z]</c> one of a class, <c>\x</c> the
/// byte itself. Takes time in the order of pattern times text at most, and no stack.
/// </summary>
sealed class GlobPattern(byte[] pattern)
{
    internal bool Matches(ReadOnlySpan<byte> text)
    {
        var (at, read) = (0, 0);
        var (star, readAtStar) = (-1, 0);
        while (read < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, readAtStar) = (at++, read);
            }
            else if (at < pattern.Length && MatchesOne(ref at, text[read]))
            {
                read++;
            }
            else if (star >= 0)
            {
                // Let the last star take one byte more and try again; stars before it need no second try.
                at = star + 1;
                read = ++readAtStar;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(at).IndexOfAnyExcept((byte)'*') < 0;
    }

    // Moves past what it compared, also where it says no.
    bool MatchesOne(ref int at, byte value)
    {
        switch (pattern[at++])
        {
            case (byte)'?':
                return true;
            case (byte)'[':
                return MatchesClass(ref at, value);
            case (byte)'\\' when at < pattern.Length:
                return pattern[at++] == value;
            case var literal:
                return literal == value;
        }
    }

    // "[" ["^"] *( byte / byte "-" byte / "\" byte ) "]"; a missing "]" is the pattern's end
    bool MatchesClass(ref int at, byte value)
    {
        var isNegated = at < pattern.Length && pattern[at] == '^';
        if (isNegated)
            at++;
        var isFound = false;
        for (; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                isFound |= pattern[++at] == value;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                var (low, high) = (Math.Min(pattern[at], pattern[at + 2]), Math.Max(pattern[at], pattern[at + 2]));
                isFound |= value >= low && value <= high;
                at += 2;
            }
            else
            {
                isFound |= pattern[at] == value;
            }
        }
        if (at < pattern.Length)
            at++;
        return isFound != isNegated;
    }
}
