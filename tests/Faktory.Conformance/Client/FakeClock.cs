using Microsoft.Extensions.Time.Testing;

namespace Faktory.Conformance.Client;

static class FakeClock
{
    /// <summary>
    /// Moves the clock again and again until the task ends: the code under test sets its timers at a moment of its own, and a
    /// single step could come before them.
    /// </summary>
    internal static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            clock.Advance(step);
            await Task.Yield();
        }
    }
}
