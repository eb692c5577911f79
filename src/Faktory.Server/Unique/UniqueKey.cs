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

    /// <param name="jobType">A JSON string.</param>
    /// <param name="args">A JSON array, deeper than any limit never: it was read already.</param>
    /// <param name="queue">A valid name.</param>
    internal static byte[] Of(ReadOnlySpan<byte> jobType, ReadOnlySpan<byte> args, string queue)
    {
        var output = new ArrayBufferWriter<byte>(args.Length + 64);
        var options = new JsonDocumentOptions { MaxDepth = JobFields.StoredDepthMax };
        using (var type = JsonDocument.Parse(jobType.ToArray(), options))
            Write(type.RootElement, output);
        WriteText(Encoding.UTF8.GetBytes(queue), output);
        using (var arguments = JsonDocument.Parse(args.ToArray(), options))
            Write(arguments.RootElement, output);
        return SHA256.HashData(output.WrittenSpan)[..Length];
    }

    // Each value starts with a letter for its kind, and says how long it is before it comes: no two values write the same bytes.
    static void Write(JsonElement value, ArrayBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                WriteCount('a', value.GetArrayLength(), output);
                foreach (var item in value.EnumerateArray())
                    Write(item, output);
                break;
            case JsonValueKind.String:
                WriteText(Encoding.UTF8.GetBytes(TextOf(value)), output);
                break;
            case JsonValueKind.Number:
                var number = Encoding.UTF8.GetBytes(DecimalText.Normalize(value.GetRawText()));
                WriteCount('n', number.Length, output);
                output.Write(number);
                break;
            default:
                output.Write(value.ValueKind switch { JsonValueKind.True => "t"u8, JsonValueKind.False => "f"u8, _ => "0"u8 });
                break;
        }
    }

    static void WriteObject(JsonElement value, ArrayBufferWriter<byte> output)
    {
        // Of a member given twice the last one counts, as in the job itself.
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[NameOf(member)] = member.Value;
        WriteCount('o', members.Count, output);
        foreach (var (name, member) in members)
        {
            WriteText(Encoding.UTF8.GetBytes(name), output);
            Write(member, output);
        }
    }

    // Escapes of half a character are JSON, but no text: they are compared as they are written.
    static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }

    static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return member.ToString();
        }
    }

    static void WriteText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        WriteCount('s', text.Length, output);
        output.Write(text);
    }

    static void WriteCount(char kind, int count, ArrayBufferWriter<byte> output)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], count);
        output.Write(head);
    }
}
