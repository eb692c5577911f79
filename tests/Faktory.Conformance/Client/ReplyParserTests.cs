using System.Buffers;
using System.Text;
using CsCheck;
using Faktory.Client;
using Faktory.Client.Wire;

namespace Faktory.Conformance.Client;

public sealed class ReplyParserTests
{
    const int bulkBytesMax = 1000;

    [Theory]
    [InlineData("+OK\r\n", ReplyKind.Text, "OK")]
    [InlineData("+OK\n", ReplyKind.Text, "OK")]
    [InlineData("-ERR Invalid password\r\n", ReplyKind.Error, "ERR Invalid password")]
    [InlineData(":42\r\n", ReplyKind.Integer, "42")]
    [InlineData("$5\r\nhello\r\n", ReplyKind.Bulk, "hello")]
    [InlineData("$0\r\n\r\n", ReplyKind.Bulk, "")]
    [InlineData("$4\r\n\r\n\r\n\r\n", ReplyKind.Bulk, "\r\n\r\n")]
    [InlineData("$-1\r\n", ReplyKind.Null, "")]
    public void Reply_is_read(string bytes, object kind, string text)
    {
        var reply = Read(bytes).Single();

        reply.Kind.ShouldBe((ReplyKind)kind);
        reply.Text.ShouldBe(text);
    }

    [Fact]
    public void Replies_in_one_buffer_are_read_one_by_one() =>
        Read("+OK\r\n$-1\r\n$2\r\n{}\r\n-ERR no\r\n").Select(reply => reply.Text).ShouldBe(["OK", "", "{}", "ERR no"]);

    [Fact]
    public void Any_cut_through_a_reply_waits_for_the_rest()
    {
        var bytes = "$13\r\n{\"jid\":\"abc\"}\r\n"u8.ToArray();
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var part = new ReadOnlySequence<byte>(bytes.AsMemory(0, cut));
            ReplyParser.TryRead(ref part, bulkBytesMax, out _).ShouldBeFalse($"cut at {cut}");
            part.Length.ShouldBe(cut);
        }

        for (var seam = 1; seam < bytes.Length; seam++)
        {
            var pieces = InPieces(bytes, seam);
            ReplyParser.TryRead(ref pieces, bulkBytesMax, out var reply).ShouldBeTrue($"seam at {seam}");
            reply.Text.ShouldBe("{\"jid\":\"abc\"}");
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("*2\r\n")]
    [InlineData("\r\n")]
    [InlineData("$abc\r\n")]
    [InlineData("$\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("$1001\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    public void What_is_no_reply_is_refused(string bytes) => Should.Throw<FaktoryProtocolException>(() => Read(bytes));

    [Fact]
    public void Longest_reply_allowed_is_read() => Read($"$1000\r\n{new string('x', 1000)}\r\n").Single().Bytes.Length.ShouldBe(1000);

    [Fact]
    public void Endless_line_is_refused() => Should.Throw<FaktoryProtocolException>(() => Read("+" + new string('x', 70_000)));

    [Fact]
    public void Random_bytes_are_read_or_refused_and_never_anything_else() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var buffer = new ReadOnlySequence<byte>(bytes);
            try
            {
                while (!buffer.IsEmpty && ReplyParser.TryRead(ref buffer, bulkBytesMax, out _))
                {
                }
            }
            catch (FaktoryProtocolException)
            {
                // The one refusal there is.
            }
        });

    static List<Reply> Read(string bytes)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(bytes));
        var replies = new List<Reply>();
        while (ReplyParser.TryRead(ref buffer, bulkBytesMax, out var reply))
            replies.Add(reply);
        buffer.IsEmpty.ShouldBeTrue();
        return replies;
    }

    static ReadOnlySequence<byte> InPieces(byte[] bytes, int seam)
    {
        var first = new Piece(bytes.AsMemory(0, seam), null);
        var last = new Piece(bytes.AsMemory(seam), first);
        return new(first, 0, last, last.Memory.Length);
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        internal Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
