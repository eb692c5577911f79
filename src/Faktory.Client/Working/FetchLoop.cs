namespace Faktory.Client;

/// <summary>
/// Asks for one job after the other, on a connection of its own because FETCH waits up to 2 s, and only while there is room for
/// one more.
/// </summary>
sealed class FetchLoop(FaktoryClientOptions client, FaktoryWorkerOptions options, FaktoryIdentity identity, RunningJobs jobs, WorkerLife life)
    : IAsyncDisposable
{
    static readonly TimeSpan _pauseAfterLoss = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _cut = new();
    FaktoryConnection? _connection;

    internal async Task RunAsync()
    {
        try
        {
            while (await HasRoomAsync())
            {
                if (await FetchAsync() is { } job)
                    jobs.Start(job);
                else
                    jobs.ReturnRoom();
            }
        }
        catch
        {
            // Only the program's own callbacks can throw here. A worker that fetches no more must not go on beating.
            life.MoveTo(FaktoryWorkerState.Terminating);
            throw;
        }
    }

    /// <summary>
    /// Waits for the FETCH under way, because a job that it brings would otherwise stay reserved for nobody. At the deadline it is
    /// cut off.
    /// </summary>
    internal async Task FinishAsync(Task loop, CancellationToken deadline)
    {
        await using var cutting = deadline.Register(_cut.Cancel);
        await loop;
    }

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        _cut.Dispose();
    }

    async Task<bool> HasRoomAsync()
    {
        var room = jobs.TakeRoomAsync();
        await Task.WhenAny(life.Quiet, room);
        if (!life.Quiet.IsCompleted)
            return true;
        if (room.IsCompleted)
            jobs.ReturnRoom();
        return false;
    }

    async Task<FaktoryJob?> FetchAsync()
    {
        try
        {
            if (_connection is not { IsUsable: true })
                _connection = await RedialAsync();
            return await _connection.SendAsync(FaktoryCommands.Fetch(options.Queues.Next()), _cut.Token);
        }
        catch (FaktoryException lost)
        {
            options.Notice?.Invoke(new FaktoryNotice.ServerLost(lost));
            await Task.WhenAny(life.Quiet, Task.Delay(_pauseAfterLoss, client.Clock, _cut.Token));
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            // The time to end has come in the middle of a FETCH.
        }

        return null;
    }

    async Task<FaktoryConnection> RedialAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        return await FaktoryConnection.OpenAsync(client, identity, _cut.Token);
    }
}
