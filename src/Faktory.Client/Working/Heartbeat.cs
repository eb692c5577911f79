namespace Faktory.Client;

/// <summary>Tells the server that the process lives, and hears from it what to do.</summary>
sealed class Heartbeat(TimeProvider clock, FaktoryWorkerOptions options, ConnectionPool reports, WorkerLife life, RunningJobs jobs)
{
    internal async Task RunAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(options.HeartbeatEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                try
                {
                    await BeatAsync(ended);
                }
                catch (FaktoryException lost)
                {
                    options.Notice?.Invoke(new FaktoryNotice.ServerLost(lost));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The worker has ended.
        }
    }

    internal async Task BeatAsync(CancellationToken cancel)
    {
        try
        {
            await SendAsync(cancel);
        }
        catch (FaktoryCommandException unknown) when (unknown.Message.StartsWith("unknown worker", StringComparison.OrdinalIgnoreCase))
        {
            // The server forgot the process, after a long pause of the machine for one. A new HELLO makes it known again.
            await reports.CloseIdleAsync();
            await SendAsync(cancel);
        }
    }

    async Task SendAsync(CancellationToken cancel)
    {
        var orders = await reports.SendAsync(FaktoryCommands.Beat(options.WorkerId, life.State, Environment.WorkingSet / 1024), cancel);
        life.MoveTo(orders.State);
        foreach (var jid in orders.Cancelled)
            jobs.Cancel(jid);
    }
}
