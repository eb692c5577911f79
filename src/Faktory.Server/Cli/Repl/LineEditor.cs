namespace Faktory.Server.Cli.Repl;

/// <summary>Reads lines from a terminal: with history on the arrow keys, completion on Tab, and the keys that shells have for editing.</summary>
/// <param name="prompt">Stands in front of each line.</param>
/// <param name="complete">The words that the last word of a line may become.</param>
sealed class LineEditor(string prompt, Func<string, Task<IReadOnlyList<string>>> complete)
{
    const int HistoryMax = 500;

    readonly List<string> _history = [];
    string _line = "";
    int _cursor;
    int _recalled;

    /// <summary>Null at the end of input (Ctrl-D on an empty line).</summary>
    internal async Task<string?> ReadAsync()
    {
        (_line, _cursor, _recalled) = ("", 0, _history.Count);
        Draw();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key is { Modifiers: ConsoleModifiers.Control, Key: ConsoleKey.D } && _line.Length == 0)
            {
                Console.WriteLine();
                return null;
            }
            if (key.Key == ConsoleKey.Tab)
                await CompleteAsync();
            else
                Edit(key);
            Draw();
        }
        Console.WriteLine();
        if (_line.Length > 0 && (_history.Count == 0 || _history[^1] != _line))
            _history.Add(_line);
        if (_history.Count > HistoryMax)
            _history.RemoveAt(0);
        return _line;
    }

    void Edit(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.UpArrow: Recall(_recalled - 1); break;
            case ConsoleKey.DownArrow: Recall(_recalled + 1); break;
            case ConsoleKey.LeftArrow: _cursor = Math.Max(0, _cursor - 1); break;
            case ConsoleKey.RightArrow: _cursor = Math.Min(_line.Length, _cursor + 1); break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || isControl: _cursor = 0; break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || isControl: _cursor = _line.Length; break;
            case ConsoleKey.U when isControl: Replace("", 0); break;
            case ConsoleKey.K when isControl: _line = _line[.._cursor]; break;
            case ConsoleKey.Backspace when _cursor > 0: Replace(_line.Remove(_cursor - 1, 1), _cursor - 1); break;
            case ConsoleKey.Delete when _cursor < _line.Length: _line = _line.Remove(_cursor, 1); break;
            default:
                if (!char.IsControl(key.KeyChar))
                    Replace(_line.Insert(_cursor, key.KeyChar.ToString()), _cursor + 1);
                break;
        }
    }

    void Recall(int index)
    {
        if (index < 0 || index > _history.Count)
            return;
        _recalled = index;
        var line = index == _history.Count ? "" : _history[index];
        Replace(line, line.Length);
    }

    // Only at the end of the line: what follows the cursor would not fit to what is put in.
    async Task CompleteAsync()
    {
        if (_cursor != _line.Length)
            return;
        var candidates = await complete(_line);
        var completed = Completion.Apply(_line, candidates);
        if (completed == _line && candidates.Count > 1)
        {
            Console.WriteLine();
            Console.WriteLine(string.Join("  ", candidates));
        }
        Replace(completed, completed.Length);
    }

    void Replace(string line, int cursor) => (_line, _cursor) = (line, cursor);

    // Erases to the end of the screen, because a line may have wrapped.
    void Draw()
    {
        Console.Write($"\r\e[J{prompt}{_line}");
        if (_cursor < _line.Length)
            Console.Write($"\e[{_line.Length - _cursor}D");
    }
}
