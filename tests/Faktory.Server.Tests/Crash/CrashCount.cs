using System.Globalization;

namespace Faktory.Server.Tests.Crash;

/// <summary>How often each fault is brought about: enough for every change, and CRASH_TIMES as often where more time is at hand. CRASH_SEED repeats a run.</summary>
static class CrashCount
{
    internal static int Of(int rounds) => rounds * Number("CRASH_TIMES", 1);

    internal static int Seed { get; } = Number("CRASH_SEED", 20260102);

    static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
