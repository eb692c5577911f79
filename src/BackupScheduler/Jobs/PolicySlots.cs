using System.Buffers.Binary;
using System.Security.Cryptography;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;

namespace BackupScheduler.Jobs;

/// <summary>
/// The moments at which a policy wants a backup: a grid in UTC, shifted per instance so that a thousand hourly policies do not meet at the
/// full hour. The grid does not drift, and what was missed does not pile up: there is one next slot.
/// </summary>
/// <param name="Every">Distance of two slots: the policy's, or the plan's minimum where that is longer.</param>
/// <param name="Phase">Of the first slot after midnight of 1970-01-01, less than <paramref name="Every"/>.</param>
readonly record struct PolicySlots(TimeSpan Every, TimeSpan Phase)
{
    /// <summary>A daily backup begins within this time of the hour that the customer chose.</summary>
    internal static readonly TimeSpan DailySpread = TimeSpan.FromMinutes(30);

    internal static PolicySlots Of(BackupPolicy policy, InstanceLimits limits)
    {
        var wanted = policy.Schedule switch
        {
            BackupSchedule.Minutes => TimeSpan.FromMinutes(policy.EveryMinutes ?? 60),
            BackupSchedule.Hourly => TimeSpan.FromHours(1),
            BackupSchedule.Daily => TimeSpan.FromDays(1),
            _ => throw new InvalidOperationException($"unknown schedule {policy.Schedule}"),
        };
        var atLeast = TimeSpan.FromMinutes(limits.BackupEveryMinutesMin);
        var every = wanted > atLeast ? wanted : atLeast;
        return policy is { Schedule: BackupSchedule.Daily, AtHour: { } hour }
            ? new(every, TimeSpan.FromHours(hour) + Shift(policy.InstanceId, DailySpread))
            : new(every, Shift(policy.InstanceId, every));
    }

    /// <summary>The first slot after <paramref name="moment"/>.</summary>
    internal DateTimeOffset After(DateTimeOffset moment)
    {
        var since = moment - DateTimeOffset.UnixEpoch - Phase;
        var slots = (long)Math.Floor(since / Every) + 1;
        return DateTimeOffset.UnixEpoch + Phase + slots * Every;
    }

    /// <summary>How many slots after <paramref name="due"/> have passed by <paramref name="now"/>: those that nobody ran.</summary>
    internal int MissedBetween(DateTimeOffset due, DateTimeOffset now) => Math.Max(0, (int)((now - due) / Every));

    // A hash, because ids made one after the other differ in little.
    static TimeSpan Shift(InstanceId instance, TimeSpan within)
    {
        var hash = SHA256.HashData(instance.Value.ToByteArray());
        return TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)within.TotalSeconds);
    }
}
