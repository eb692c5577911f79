using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>INFO: a bulk object with exactly four members: now, server_utc_time, faktory, server.</summary>
sealed class Info(Traffic traffic) : Command
{
    /// <summary>The version of the original whose behaviour this is; clients compare it.</summary>
    internal const string FaktoryVersion = "1.10.0";

    /// <summary>Clients look for the second word before they use what the original sells under it.</summary>
    internal const string Description = "Faktory Enterprise";

    internal override void Execute(JobEngine engine)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Json.WriterOptions);
        writer.WriteStartObject();
        WriteFaktory(writer, engine);
        writer.WriteString("now"u8, Rfc3339.Format(engine.Now));
        WriteServer(writer);
        writer.WriteString("server_utc_time"u8, Rfc3339.ToInstant(engine.Now).ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        writer.Flush();
        engine.Answer(this, Reply.Bulk(buffer.WrittenMemory));
    }

    static void WriteFaktory(Utf8JsonWriter writer, JobEngine engine)
    {
        writer.WriteStartObject("faktory"u8);
        writer.WriteStartObject("queues"u8);
        foreach (var queue in engine.Queues.Known)
            writer.WriteNumber(queue.Name, queue.Count);
        writer.WriteEndObject();
        writer.WriteStartObject("sets"u8);
        writer.WriteNumber("dead"u8, engine.Dead.Count);
        writer.WriteNumber("retries"u8, engine.Retries.Count);
        writer.WriteNumber("scheduled"u8, engine.Scheduled.Count);
        writer.WriteNumber("working"u8, engine.Reservations.Count);
        writer.WriteEndObject();
        WriteTasks(writer, engine);
        writer.WriteNumber("total_enqueued"u8, engine.Queues.JobCount);
        writer.WriteNumber("total_failures"u8, engine.Store.Counters.Failures);
        writer.WriteNumber("total_processed"u8, engine.Store.Counters.Processed);
        writer.WriteNumber("total_queues"u8, engine.Queues.KnownCount);
        writer.WriteEndObject();
    }

    static void WriteTasks(Utf8JsonWriter writer, JobEngine engine)
    {
        writer.WriteStartObject("tasks"u8);
        WriteReaper(writer, "Busy", engine.Timers.ExpiredReservations, engine.Reservations.Count);
        WriteScanner(writer, "Dead", engine.Timers.DeadFigures, engine.Dead.Count);
        WriteScanner(writer, "Retries", engine.Timers.RetriesFigures, engine.Retries.Count);
        WriteScanner(writer, "Scheduled", engine.Timers.ScheduledFigures, engine.Scheduled.Count);
        WriteReaper(writer, "Workers", engine.Workers.Reaped, engine.Workers.Count);
        writer.WriteEndObject();
    }

    static void WriteReaper(Utf8JsonWriter writer, string name, long reaped, long size)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("reaped"u8, reaped);
        writer.WriteNumber("size"u8, size);
        writer.WriteEndObject();
    }

    static void WriteScanner(Utf8JsonWriter writer, string name, TaskFigures figures, long size)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("cycles"u8, figures.Cycles);
        writer.WriteNumber("enqueued"u8, figures.Jobs);
        writer.WriteNumber("size"u8, size);
        writer.WriteNumber("wall_time_sec"u8, figures.Time.TotalSeconds);
        writer.WriteEndObject();
    }

    void WriteServer(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("server"u8);
        writer.WriteNumber("command_count"u8, traffic.Commands);
        writer.WriteNumber("connections"u8, traffic.Connections);
        writer.WriteString("description"u8, Description);
        writer.WriteString("faktory_version"u8, FaktoryVersion);
        writer.WriteNumber("uptime"u8, (long)traffic.Uptime.TotalSeconds);
        writer.WriteNumber("used_memory_mb"u8, Environment.WorkingSet >> 20);
        writer.WriteEndObject();
    }
}
