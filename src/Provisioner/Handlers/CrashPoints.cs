using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Provisioner.Handlers;

/// <summary>
/// Lets a test kill this process at a named step, as a power cut would: no handler runs, nothing is flushed. Anywhere but in
/// Development the settings are ignored.
/// </summary>
sealed class CrashPoints(IOptions<ProvisionerOptions> options, IHostEnvironment environment)
{
    readonly string? before = environment.IsDevelopment() ? options.Value.CrashBeforeStep : null;
    readonly string? after = environment.IsDevelopment() ? options.Value.CrashAfterStep : null;

    public void Before(string kind, string step) => CrashIf(before, kind, step);

    public void After(string kind, string step) => CrashIf(after, kind, step);

    static void CrashIf(string? point, string kind, string step)
    {
        if (point is null || point != $"{kind}/{step}")
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // Should the signal be a moment late, nothing more may be done.
        Environment.FailFast($"crash point {point}");
    }
}
