using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Unique;

/// <summary>
/// What makes two jobs the same: job type, queue and arguments. Arguments are compared by what they mean: numbers by value (1, 1.0 and 1e0 are
/// one), objects whatever the order of their members, strings whatever their escapes. 16 bytes of a SHA-256.
/// </summary>
static class UniqueKey
{
    internal const int Length = 16;

    const int HeadLength = 1 + sizeof(int);

    /// <param name="jobType">A JSON string.</param>
    /// <param name="args">A JSON array, deeper than any limit never: it was read already.</param>
    /// <param name="queue">A valid name.</param>
    internal static byte[] Of(ReadOnlySpan<byte> jobType, ReadOnlySpan<byte> args, string queue)
    {
        var output = new ArrayBufferWriter<byte>(2 * args.Length + jobType.Length + queue.Length + 64);
        Write(jobType, output);
        WriteHead('s', queue.Length, output);
        output.Advance(Encoding.ASCII.GetBytes(queue, output.GetSpan(queue.Length)));
        Write(args, output);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(output.WrittenSpan, hash);
        return hash[..Length].ToArray();
    }

    static void Write(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
        reader.Read();
        WriteValue(ref reader, output);
    }

    // Each value starts with a letter for its kind, and says how long it is before it comes: no two values write the same bytes.
    static void WriteValue(ref Utf8JsonReader value, ArrayBufferWriter<byte> output)
    {
        switch (value.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref value, output);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref value, output);
                break;
            case JsonTokenType.String when !value.ValueIsEscaped:
                WriteText(value.ValueSpan, output);
                break;
            case JsonTokenType.String:
                WriteText(TextOf(ref value), output);
                break;
            case JsonTokenType.Number:
                WriteNumber(value.ValueSpan, output);
                break;
            default:
                output.Write(value.TokenType switch { JsonTokenType.True => "t"u8, JsonTokenType.False => "f"u8, _ => "0"u8 });
                break;
        }
    }

    static void WriteArray(ref Utf8JsonReader value, ArrayBufferWriter<byte> output)
    {
        // How many there are is known when they have been written.
        var at = output.WrittenCount;
        WriteHead('a', 0, output);
        var count = 0;
        for (; value.Read() && value.TokenType != JsonTokenType.EndArray; count++)
            WriteValue(ref value, output);
        BinaryPrimitives.WriteInt32BigEndian(System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory).Span[(at + 1)..], count);
    }

    static void WriteObject(ref Utf8JsonReader value, ArrayBufferWriter<byte> output)
    {
        // Of a member given twice the last one counts, as in the job itself.
        var members = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var member = new ArrayBufferWriter<byte>();
        while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
        {
            var name = Encoding.UTF8.GetString(value.ValueIsEscaped ? TextOf(ref value) : value.ValueSpan);
            value.Read();
            member.ResetWrittenCount();
            WriteValue(ref value, member);
            members[name] = member.WrittenSpan.ToArray();
        }
        WriteHead('o', members.Count, output);
        foreach (var (name, written) in members)
        {
            WriteText(Encoding.UTF8.GetBytes(name), output);
            output.Write(written);
        }
    }

    static void WriteNumber(ReadOnlySpan<byte> number, ArrayBufferWriter<byte> output)
    {
        // Most are small whole numbers, which need no text.
        if (number.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && number[^1] != (byte)'0')
        {
            WriteHead('n', number.Length + 2, output);
            output.Write(number);
            output.Write("e0"u8);
            return;
        }
        var normal = Encoding.UTF8.GetBytes(DecimalText.Normalize(Encoding.ASCII.GetString(number)));
        WriteHead('n', normal.Length, output);
        output.Write(normal);
    }

    // Escapes of half a character are JSON, but no text: they are compared as they are written.
    static byte[] TextOf(ref Utf8JsonReader escaped)
    {
        try
        {
            var text = new byte[escaped.ValueSpan.Length];
            return text[..escaped.CopyString(text)];
        }
        catch (InvalidOperationException)
        {
            return [(byte)'"', .. escaped.ValueSpan, (byte)'"'];
        }
    }

    static void WriteText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        WriteHead('s', text.Length, output);
        output.Write(text);
    }

    static void WriteHead(char kind, int count, ArrayBufferWriter<byte> output)
    {
        var head = output.GetSpan(HeadLength);
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], count);
        output.Advance(HeadLength);
    }
}
