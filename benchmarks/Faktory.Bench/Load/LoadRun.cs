using Faktory.Bench.Servers;

namespace Faktory.Bench.Load;

/// <summary>Connections that each send, wait for the reply, and send again, for a time.</summary>
static class LoadRun
{
    // Of the time given, the part before anything counts: connections warm up, the server compiles or fills its caches.
    const double warmUpPart = 0.2;

    /// <param name="server">The server, running.</param>
    /// <param name="work">What is measured, for the report.</param>
    /// <param name="connections">Each has a thread of its own.</param>
    /// <param name="duration">Warm-up included.</param>
    /// <param name="jobsEach">Jobs that one request means.</param>
    /// <param name="request">One request and its reply; false ends that connection's part.</param>
    /// <param name="clock">Time.</param>
    internal static Measured Run(BenchedServer server, string work, int connections, TimeSpan duration, int jobsEach, Func<WireLine, bool> request, TimeProvider clock)
    {
        var parts = new Part[connections];
        using var start = new ManualResetEventSlim();
        for (var i = 0; i < connections; i++)
        {
            var part = parts[i] = new(server.Dial(), request, clock);
            part.Thread = new Thread(() => part.Run(start)) { IsBackground = true };
            part.Thread.Start();
        }

        var began = clock.GetTimestamp();
        var counted = began + (long)(duration.TotalSeconds * warmUpPart * clock.TimestampFrequency);
        var ends = began + (long)(duration.TotalSeconds * clock.TimestampFrequency);
        foreach (var part in parts)
            part.Window(counted, ends);
        var cpuBefore = server.Cpu();
        start.Set();
        foreach (var part in parts)
            part.Thread!.Join();

        var cpu = server.Cpu() - cpuBefore;
        foreach (var part in parts)
        {
            part.Line.Dispose();
            if (part.Failure is { } failure)
                throw new InvalidOperationException($"{server.Name}, {work}: {failure.Message}", failure);
        }

        return Summarize(server, work, connections, jobsEach, parts, cpu, clock);
    }

    static Measured Summarize(BenchedServer server, string work, int connections, int jobsEach, Part[] parts, TimeSpan cpu, TimeProvider clock)
    {
        var latencies = parts.SelectMany(part => part.Latencies).ToArray();
        if (latencies.Length == 0)
            throw new InvalidOperationException($"{server.Name}, {work}: nothing was measured; give it more --seconds");
        Array.Sort(latencies);
        var span = parts.Max(part => part.LastAt) - parts.Min(part => part.FirstAt);
        return new(
            server.Name,
            work,
            connections,
            latencies.Length * (double)jobsEach / (span / (double)clock.TimestampFrequency),
            Milliseconds(latencies[latencies.Length / 2]),
            Milliseconds(latencies[(int)(latencies.Length * 0.99)]),
            cpu.TotalMicroseconds / (parts.Sum(part => part.Requests) * (double)jobsEach));

        double Milliseconds(long ticks) => ticks * 1000.0 / clock.TimestampFrequency;
    }

    sealed class Part(WireLine line, Func<WireLine, bool> request, TimeProvider clock)
    {
        long _counted;
        long _ends;

        internal WireLine Line => line;

        internal Thread? Thread { get; set; }

        internal List<long> Latencies { get; } = new(64 * 1024);

        internal long Requests { get; private set; }

        internal long FirstAt { get; private set; } = long.MaxValue;

        internal long LastAt { get; private set; }

        internal Exception? Failure { get; private set; }

        internal void Window(long counted, long ends) => (_counted, _ends) = (counted, ends);

        internal void Run(ManualResetEventSlim start)
        {
            start.Wait();
            try
            {
                for (var before = clock.GetTimestamp(); before < _ends;)
                {
                    if (!request(line))
                        return;
                    var after = clock.GetTimestamp();
                    Requests++;
                    if (before >= _counted)
                    {
                        FirstAt = Math.Min(FirstAt, before);
                        LastAt = after;
                        Latencies.Add(after - before);
                    }

                    before = after;
                }
            }
#pragma warning disable CA1031 // Nobody can catch on this thread; the run rethrows it on its own.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Failure = failure;
            }
        }
    }
}
