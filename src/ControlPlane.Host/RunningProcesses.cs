using Microsoft.AspNetCore.Connections;

namespace ControlPlane.Host;

/// <summary>The processes that run inside this one. Disposing stops them, the last one first.</summary>
sealed class RunningProcesses : IAsyncDisposable
{
    readonly Stack<WebApplication> started = new();

    /// <summary>Makes a process and starts it.</summary>
    /// <exception cref="HostRefusedException">Somebody took its port in the last moment.</exception>
    internal async Task StartAsync(Func<WebApplication> create, CancellationToken cancel)
    {
        var process = create();
        started.Push(process);
        try
        {
            await process.StartAsync(cancel);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            throw new HostRefusedException($"{fault.Message} Start again, or choose another port.");
        }
    }

    /// <returns>The name of the process that ended by itself, as one does whose background work failed; null when the stop was asked for.</returns>
    internal async Task<string?> UntilOneEndsAsync(TimeProvider clock, CancellationToken stop)
    {
        var ended = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = stop.Register(() => asked.TrySetResult());
        var endings = started.Select(process => process.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult(process.Environment.ApplicationName))).ToList();
        await Task.WhenAny(ended.Task, asked.Task);
        // Each process hears a signal as we do, and before us as likely as after: only one that ends without any has failed.
        await Task.WhenAny(asked.Task, Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None));
        foreach (var ending in endings)
            await ending.DisposeAsync();
        return asked.Task.IsCompleted ? null : await ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var process))
        {
            await process.StopAsync();
            await process.DisposeAsync();
        }
    }
}
