using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>
/// One command, ready to be sent by a <see cref="FaktoryConnection"/> or a <see cref="FaktoryProducer"/>, and how its reply reads.
/// Made by <see cref="FaktoryCommands"/>; may be sent any number of times.
/// </summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
public sealed class FaktoryCommand<T>
{
    readonly Func<Reply, T> _read;

    internal FaktoryCommand(string verb, ReadOnlyMemory<byte> line, Func<Reply, T> read, bool isRepeatable)
    {
        Verb = verb;
        Line = line;
        IsRepeatable = isRepeatable;
        _read = read;
    }

    /// <summary>The command's first word.</summary>
    public string Verb { get; }

    /// <summary>True when sending it twice does no more than sending it once, so that a lost reply is answered by sending it again.</summary>
    public bool IsRepeatable { get; }

    /// <summary>The whole line with its line break.</summary>
    internal ReadOnlyMemory<byte> Line { get; }

    internal T Read(Reply reply)
    {
        if (reply.Kind != ReplyKind.Error)
            return _read(reply);

        // -CODE text
        var text = reply.Text;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        throw space < 0 ? new FaktoryCommandException(text, text) : new FaktoryCommandException(text[..space], text[(space + 1)..]);
    }
}
