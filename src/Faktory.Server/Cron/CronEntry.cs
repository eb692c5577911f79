using Cronos;
using Faktory.Server.Jobs;

namespace Faktory.Server.Cron;

/// <summary>A job that is to be enqueued again and again.</summary>
/// <param name="Id">By which the server remembers when it last ran: its name, or what it is made of.</param>
/// <param name="Schedule">Five fields as cron has them.</param>
/// <param name="Zone">In whose time they are.</param>
/// <param name="RunsMissed">What was missed while the server was down is made up for, once.</param>
/// <param name="JobType">Of the job.</param>
/// <param name="Queue">Of the job.</param>
/// <param name="Job">Its JSON, an object that has no jid and at least one member.</param>
sealed record CronEntry(string Id, string Schedule, CronExpression Times, TimeZoneInfo Zone, bool RunsMissed, string JobType, string Queue, byte[] Job)
{
    /// <summary>Reads five fields.</summary>
    /// <returns>What is wrong with them, or null.</returns>
    internal static string? TryParse(string schedule, out CronExpression times)
    {
        times = CronExpression.Yearly;
        try
        {
            times = CronExpression.Parse(schedule);
            return null;
        }
        catch (CronFormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The first time after another one, both in 100 ns since 1970; null when there is none.</summary>
    internal long? After(long time) =>
        Times.GetNextOccurrence(new DateTime(DateTime.UnixEpoch.Ticks + time, DateTimeKind.Utc), Zone) is { } next ? next.Ticks - DateTime.UnixEpoch.Ticks : null;

    /// <summary>The job with an id, as a client would push it.</summary>
    internal byte[] WithJid(string jid) => [.. "{\"jid\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(jid), .. "\","u8, .. Job.AsSpan(1)];

    /// <summary>Why the job cannot be taken, or the job. It was checked when the entry was read, so it can.</summary>
    internal string? TrySubmit(string jid, long now, out Submission? job)
    {
        var json = WithJid(jid);
        return Submission.TryCreate(json, JobFields.Read(json), JobLimits.Default, now, out job);
    }
}
