namespace ControlPlane.Tests.Provisioning;

static class Wait
{
    static readonly TimeSpan lookEvery = TimeSpan.FromMilliseconds(50), limit = TimeSpan.FromMinutes(3);

    /// <summary>Returns when the condition holds; a generous limit turns a hang into a failure that says what was awaited.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var clock = TimeProvider.System;
        for (var from = clock.GetTimestamp(); !await holds(); await Task.Delay(lookEvery, clock))
            if (clock.GetElapsedTime(from) > limit)
                throw new TimeoutException($"waited in vain until {what}");
    }

    public static Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));
}
