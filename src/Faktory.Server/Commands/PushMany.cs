using System.Buffers;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>PUSHB [job, …]: a bulk object, jid to error, of the jobs that were not taken; all others are durable.</summary>
sealed class PushMany(IReadOnlyList<Submission> jobs, Dictionary<string, string> refused) : Command
{
    internal static Command Read(ReadOnlySpan<byte> argument, JobLimits limits, long now)
    {
        var jobs = new List<Submission>();
        var refused = new Dictionary<string, string>();
        try
        {
            JobText.CheckUtf8(argument);
            var reader = new Utf8JsonReader(argument, new JsonReaderOptions { MaxDepth = limits.JsonDepthMax + 1 });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                ReadAll(argument, ref reader, limits, now, jobs, refused);
            else if (reader.TokenType != JsonTokenType.Null)
                throw new JsonException("PUSHB takes an array of jobs");
            // Moves past the end: anything but white space there throws.
            reader.Read();
        }
        catch (JsonException e)
        {
            return new Refusal(Reply.Error($"invalid JSON: {e.Message}"));
        }
        return new PushMany(jobs, refused);
    }

    internal override void Execute(JobEngine engine)
    {
        foreach (var job in jobs)
        {
            if (Admission.Refuse(engine, job) is { } refusal)
                refused[System.Text.Encoding.UTF8.GetString(job.Record.Jid)] = refusal.Entry;
            else
                engine.Accept(job);
        }
        engine.AnswerWhenSynced(this, Reply.Bulk(Describe()));
    }

    static void ReadAll(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, JobLimits limits, long now, List<Submission> jobs, Dictionary<string, string> refused)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            ReadOne(json[start..(int)reader.BytesConsumed], limits, now, jobs, refused);
        }
    }

    static void ReadOne(ReadOnlySpan<byte> json, JobLimits limits, long now, List<Submission> jobs, Dictionary<string, string> refused)
    {
        var fields = JobFields.Read(json, limits.JsonDepthMax);
        if (Submission.TryCreate(json, fields, limits, now, out var job) is { } refusal)
            refused[System.Text.Encoding.UTF8.GetString(fields.Jid)] = refusal;
        else
            jobs.Add(job!);
    }

    ReadOnlyMemory<byte> Describe()
    {
        if (refused.Count == 0)
            return "{}"u8.ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        foreach (var (jid, refusal) in refused)
            writer.WriteString(jid, refusal);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
