using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Faktory.Server.Jobs;

/// <summary>A member that the server writes itself. A null value removes it.</summary>
readonly record struct JobEdit(JobKey Key, byte[]? Value)
{
    internal static JobEdit Text(JobKey key, string text) => new(key, Encoding.UTF8.GetBytes($"\"{text}\""));
}

/// <summary>
/// Puts server-made members into a job and leaves every other byte as the client wrote it: numbers keep their digits,
/// objects their order, strings their escapes.
/// </summary>
static class JobSplice
{
    /// <summary>The object with <paramref name="edits"/> applied: replaced ones move to the end.</summary>
    internal static byte[] Apply(ReadOnlySpan<byte> json, in JobFields fields, ReadOnlySpan<JobEdit> edits)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 128);
        output.Write("{"u8);
        CopyKept(json, fields, edits, output);
        foreach (var edit in edits)
        {
            if (edit.Value is not null)
                Append(output, JobKeys.Name(edit.Key), edit.Value);
        }
        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    static void CopyKept(ReadOnlySpan<byte> json, in JobFields fields, ReadOnlySpan<JobEdit> edits, ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var rawName = reader.ValueSpan;
            var key = JobKeys.Find(JobFields.NameOf(ref reader), out _);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (key == JobKey.Unknown)
                Append(output, rawName, json[start..(int)reader.BytesConsumed]);
            // Of a member given twice the last one counts.
            else if (fields.ValueOf(key).Start.Value == start && !IsEdited(key, edits))
                Append(output, JobKeys.Name(key), json[start..(int)reader.BytesConsumed]);
        }
    }

    static bool IsEdited(JobKey key, ReadOnlySpan<JobEdit> edits)
    {
        foreach (var edit in edits)
        {
            if (edit.Key == key)
                return true;
        }
        return false;
    }

    static void Append(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(output.WrittenCount == 1 ? "\""u8 : ",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        output.Write(value);
    }
}
