using System.Globalization;
using System.Text;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>Keys as an operator reads them.</summary>
static class KeyText
{
    internal static string Describe(ReadOnlySpan<byte> key) => key switch
    {
        [Keys.Job or Keys.Reservation, ..] when key.Length == Keys.LocationLength => Describe(KindOf(key[0]), Keys.Location(key)),
        [Keys.Scheduled or Keys.Retries or Keys.Dead or Keys.Expiry, ..] when key.Length == Keys.TimedLength =>
            string.Create(CultureInfo.InvariantCulture, $"{KindOf(key[0])} due {Rfc3339.Format(Math.Clamp(Keys.Due(key), 0, LastTick))} number {Keys.TimedSequence(key)}"),
        [Keys.Batch or Keys.BatchDefinition or Keys.Track or Keys.Cron, ..] => $"{KindOf(key[0])} {Encoding.UTF8.GetString(key[1..])}",
        [Keys.Unique, ..] => $"{KindOf(key[0])} {Convert.ToHexStringLower(key[1..])}",
        _ => $"key {Convert.ToHexStringLower(key)}",
    };

    internal static string KindOf(byte kind) => kind switch
    {
        Keys.Job => "queued job",
        Keys.Reservation => "reservation",
        Keys.Scheduled => "scheduled job",
        Keys.Retries => "job to be retried",
        Keys.Dead => "dead job",
        Keys.Name => "queue name",
        Keys.Unique => "lock of a unique job",
        Keys.Expiry => "expiry",
        Keys.Batch => "batch",
        Keys.BatchDefinition => "definition of a batch",
        Keys.Track => "progress of a job",
        Keys.Cron => "cron entry",
        Keys.Debounce => "debounced job",
        _ => "record",
    };

    // The last instant that has a date.
    const long LastTick = 2534023007999999999;

    static string Describe(string kind, JobLocation location) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} of queue {location.QueueId} priority {10 - location.Lane} number {location.Sequence}");
}
