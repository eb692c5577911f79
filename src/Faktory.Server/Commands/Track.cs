using System.Buffers;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Tracking;

namespace Faktory.Server.Commands;

/// <summary>TRACK GET jid: a bulk with the job's state and progress, <c>unknown</c> for one that is not tracked.</summary>
sealed class Track(byte[] jid) : Command
{
    // "GET" SP jid / "SET" SP json
    internal static Command Read(ReadOnlySpan<byte> argument)
    {
        var verb = Subcommand.Read(argument, out var rest);
        return verb switch
        {
            "GET" when rest.Trim((byte)' ').IsEmpty => new Refusal(Reply.Error("TRACK GET needs the jid of a job")),
            "GET" => new Track(rest.Trim((byte)' ').ToArray()),
            "SET" => TrackReport.Read(rest),
            _ => new Refusal(Reply.Error($"no such TRACK subcommand: {verb}")),
        };
    }

    internal override void Execute(JobEngine engine)
    {
        if (engine.Features.Refuse(Feature.Tracking) is { } refusal)
            engine.Answer(this, Reply.Error(refusal));
        else
            engine.Answer(this, Reply.Bulk(Describe(engine.Tracks.Find(jid))));
    }

    ReadOnlyMemory<byte> Describe(TrackRecord? known)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("jid", jid);
        if (known?.Percent is { } percent)
            writer.WriteNumber("percent", percent);
        if (known is { Description.Length: > 0 } described)
            writer.WriteString("desc", described.Description);
        writer.WriteString("state", NameOf(known?.State ?? TrackedState.Unknown));
        writer.WriteString("updated_at", known is { } found ? Rfc3339.Format(found.UpdatedAt) : "");
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    static string NameOf(TrackedState state) => state switch
    {
        TrackedState.Enqueued => "enqueued",
        TrackedState.Working => "working",
        TrackedState.Success => "success",
        TrackedState.Failed => "failed",
        TrackedState.Dead => "dead",
        _ => "unknown",
    };
}

/// <summary>TRACK SET {"jid", "percent", "desc", "reserve_until"}: how far a worker is, and until when it needs the job.</summary>
/// <param name="jid">The job.</param>
/// <param name="percent">0 to 100, or null.</param>
/// <param name="description">At most <see cref="DescriptionCharactersMax"/>, or null.</param>
/// <param name="reserveUntil">100 ns since 1970, or null.</param>
sealed class TrackReport(byte[] jid, int? percent, string? description, long? reserveUntil) : Command
{
    internal const int DescriptionCharactersMax = 1000;

    internal static Command Read(ReadOnlySpan<byte> json)
    {
        try
        {
            JobText.CheckUtf8(json);
            return TryRead(json, out var report) is { } refusal ? new Refusal(Reply.Error(refusal)) : report!;
        }
        catch (JsonException e)
        {
            return new Refusal(Reply.Error($"invalid JSON: {e.Message}"));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (engine.Features.Refuse(Feature.Tracking) is { } refusal)
        {
            engine.Answer(this, Reply.Error(refusal));
            return;
        }
        var reservation = engine.Reservations.Find(jid, "");
        if (percent is not null || description is not null)
            engine.Tracks.Report(jid, percent, description, isWorkedOn: reservation is not null);
        if (reservation is not null && reserveUntil is { } until)
        {
            var more = Math.Min(until - engine.Now, TimeSpan.TicksPerDay);
            engine.Reservations.Extend(reservation, engine.SteadyNow + more, engine.Now + more);
        }
        engine.AnswerWhenSynced(this, Reply.Ok);
    }

    static string? TryRead(ReadOnlySpan<byte> json, out TrackReport? report)
    {
        report = null;
        byte[] jid = [];
        int? percent = null;
        string? description = null;
        long? until = null;
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            var isGiven = members.Value.TokenType != JsonTokenType.Null;
            switch (members.Name)
            {
                case "jid":
                    jid = JobText.Bytes(ref members.Value, "jid");
                    break;
                case "desc" when isGiven:
                    description = members.Text();
                    break;
                case "percent" when isGiven:
                    percent = members.Value.TokenType == JsonTokenType.Number && members.Value.TryGetInt32(out var number) ? number : throw new JsonException("percent must be an integer");
                    break;
                case "reserve_until" when JobText.Bytes(ref members.Value, "reserve_until") is { Length: > 0 } text:
                    if (!Rfc3339.TryParse(text, out var at))
                        return $"invalid timestamp for 'reserve_until': {Rfc3339.Describe(text)}";
                    until = at;
                    break;
            }
        }
        if (jid.Length == 0)
            return "missing JID";
        if (percent is < 0 or > 100)
            return "percent must be from 0 to 100";
        if (description?.Length > DescriptionCharactersMax)
            return $"desc must have at most {DescriptionCharactersMax} characters";
        report = new TrackReport(jid, percent, description, until);
        return null;
    }
}
