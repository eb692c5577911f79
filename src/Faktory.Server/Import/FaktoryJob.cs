using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Import;

/// <summary>A job as the original stored it: its JSON, which stays as it is, byte for byte.</summary>
/// <param name="Record">As this server stores it.</param>
/// <param name="Queue">A valid name.</param>
/// <param name="Lane">10 − priority.</param>
readonly record struct FaktoryJob(JobRecord Record, string Queue, byte Lane)
{
    /// <exception cref="RdbFormatException">It is not a job.</exception>
    internal static FaktoryJob Read(in RdbValue value, ReadOnlySpan<byte> json)
    {
        try
        {
            JobText.CheckUtf8(json);
            var fields = JobFields.Read(json);
            if (fields.Jid.Length is 0 or > ushort.MaxValue)
                throw new JsonException("it has no jid");
            var queue = fields.Queue.Length == 0 ? "default" : fields.Queue;
            if (!Submission.IsQueueName(queue))
                throw new JsonException($"\"{queue}\" cannot be the name of a queue");
            var reserveFor = (int)Math.Clamp(fields.ReserveForSeconds, int.MinValue, int.MaxValue);
            return new FaktoryJob(JobRecord.Create(fields.Jid, reserveFor, EnqueuedAt(json, fields), [], json), queue, (byte)(10 - fields.Priority));
        }
        catch (JsonException e)
        {
            throw new RdbFormatException(value.Offset, $"a value of \"{value.Key}\" is not a job: {e.Message}");
        }
    }

    /// <summary>The job in a member of <c>working</c>: <c>{"job":{…},"reserved_at":…,"expires_at":…,"wid":…}</c>.</summary>
    /// <exception cref="RdbFormatException">There is none.</exception>
    internal static FaktoryJob ReadWorking(in RdbValue value)
    {
        try
        {
            var reader = new Utf8JsonReader(value.Value, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isJob = reader.ValueTextEquals("job"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isJob)
                    return Read(value, value.Value.AsSpan(start..(int)reader.BytesConsumed));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RdbFormatException(value.Offset, $"a value of \"{value.Key}\" is not a reservation: {e.Message}");
        }
        throw new RdbFormatException(value.Offset, $"a value of \"{value.Key}\" is a reservation without a job");
    }

    // For the latency of its queue; one that does not tell counts as enqueued long ago.
    static long EnqueuedAt(ReadOnlySpan<byte> json, in JobFields fields) =>
        json[fields.ValueOf(JobKey.EnqueuedAt)] is [(byte)'"', .. var text, (byte)'"'] && Rfc3339.TryParse(text, out var at) ? at : 0;
}
