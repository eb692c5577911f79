using System.Text;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>FAIL {"jid", "errtype", "message", "backtrace"}: the job will be retried, dies, or is forgotten, as its <c>retry</c> says.</summary>
sealed class Fail(Session session, byte[] jid, FailureReport report) : Command
{
    internal const int ErrorTypeBytesMax = 100;
    internal const int MessageBytesMax = 1000;
    internal const int BacktraceLinesMax = 50;

    internal static Command Read(ReadOnlySpan<byte> argument, Session session)
    {
        try
        {
            var json = LenientText.Repair(argument);
            var (jid, report) = ReadReport(json);
            return jid.Length == 0 ? new Refusal(Reply.Error("missing JID")) : new Fail(session, Encoding.UTF8.GetBytes(jid), report);
        }
        catch (JsonException)
        {
            return new Refusal(Reply.Error("invalid FAIL ", argument));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (engine.Reservations.Find(jid, session.Wid) is not { } reservation)
        {
            engine.Answer(this, Reply.Error("Job not found ", jid));
            return;
        }
        engine.Failures.Fail(reservation, report);
        engine.Perform.Observe(TimeSpan.FromTicks(Math.Max(0, engine.Now - reservation.ReservedAt)));
        engine.AnswerWhenSynced(this, Reply.Ok);
    }

    static (string Jid, FailureReport Report) ReadReport(ReadOnlySpan<byte> json)
    {
        var (jid, errorType, message, backtrace) = ("", "", "", new List<string>());
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Is("jid"))
                jid = members.Text();
            else if (members.Is("errtype"))
                errorType = members.Text();
            else if (members.Is("message"))
                message = members.Text();
            else if (members.Is("backtrace"))
                backtrace = ReadLines(ref members.Value);
        }
        return (jid, new FailureReport(Cut(errorType, ErrorTypeBytesMax), Cut(message, MessageBytesMax), backtrace));
    }

    static List<string> ReadLines(ref Utf8JsonReader reader)
    {
        var lines = new List<string>();
        if (reader.TokenType == JsonTokenType.Null)
            return lines;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("backtrace must be an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var line = JobText.String(ref reader, "backtrace");
            if (lines.Count < BacktraceLinesMax)
                lines.Add(line);
        }
        return lines;
    }

    // Bytes of UTF-8, but never half a character.
    static string Cut(string text, int bytesMax)
    {
        if (text.Length == 0)
            return "unknown";
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= bytesMax)
            return text;
        var end = bytesMax;
        while ((bytes[end] & 0xC0) == 0x80)
            end--;
        return Encoding.UTF8.GetString(bytes, 0, end);
    }
}
