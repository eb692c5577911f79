namespace Faktory.Server.Features;

/// <summary>What a plan may have or not.</summary>
enum Feature
{
    Unique,
    Expiring,
    Batches,
    Tracking,
    Throttles,
    Cron,
    Cancel,
    Weights,
    Debounce,
}
