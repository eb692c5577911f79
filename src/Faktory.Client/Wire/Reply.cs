using System.Text;

namespace Faktory.Client.Wire;

/// <summary>One reply of the server. <see cref="Bytes"/> is empty for <see cref="ReplyKind.Null"/>.</summary>
readonly record struct Reply(ReplyKind Kind, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}

enum ReplyKind
{
    Text,
    Error,
    Integer,
    Bulk,
    Null,
}
