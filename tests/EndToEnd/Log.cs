namespace EndToEnd;

/// <summary>What a program says, line by line. Any thread.</summary>
sealed class Log(string program)
{
    const int EndLinesMax = 60;

    readonly List<string> lines = [];

    internal string Text
    {
        get
        {
            lock (lines)
                return string.Join('\n', lines);
        }
    }

    /// <summary>The last lines, under a heading.</summary>
    internal string End
    {
        get
        {
            lock (lines)
                return $"-- {program} said last:\n{string.Join('\n', lines.TakeLast(EndLinesMax))}";
        }
    }

    /// <summary>Null, which a program that ends says, is nothing.</summary>
    internal void Hear(string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Add(line);
    }
}
