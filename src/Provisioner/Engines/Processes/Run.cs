using System.Diagnostics;

namespace Provisioner.Engines.Processes;

/// <summary>What this Provisioner remembers of an instance's process: how it ended, and when it may be started again. Guarded by its gate.</summary>
sealed class Run : IDisposable
{
    Process? child;
    TimeSpan pause;
    DateTimeOffset? notBefore;

    /// <summary>One verb at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    public int Restarts { get; private set; }

    /// <summary>Known for children of ours; a process adopted from an earlier Provisioner belongs to init, which does not tell.</summary>
    public int? ExitCode => child is { HasExited: true } ? child.ExitCode : null;

    public void Started(Process process)
    {
        child?.Dispose();
        child = process;
    }

    public void Forget() => (pause, notBefore, Restarts) = (TimeSpan.Zero, null, 0);

    /// <summary>Asked while the process is found dead: whether to start it now. The pause doubles while it dies young.</summary>
    public bool MayRestart(DateTimeOffset now)
    {
        notBefore ??= now + pause;
        return now >= notBefore;
    }

    public void Restarting(ProcessEngineOptions options)
    {
        Restarts++;
        notBefore = null;
        pause = pause == TimeSpan.Zero ? options.RestartPause : pause * 2;
        if (pause > options.RestartPauseMax)
            pause = options.RestartPauseMax;
    }

    /// <summary>It has run long enough: the next death is a first one.</summary>
    public void Stable() => (pause, notBefore) = (TimeSpan.Zero, null);

    public void Dispose()
    {
        child?.Dispose();
        Gate.Dispose();
    }
}
