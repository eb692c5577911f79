using System.Globalization;
using System.Text;
using Faktory.Bench.Load;
using Faktory.Bench.Report;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>The verb <c>features</c>: the same load with a plain job and with each feature, in turns on servers of their own.</summary>
static class FeaturesBenchmark
{
    const int connections = 10;
    const int preloadedPerSecond = 40_000;
    const int batchJobs = 1000;
    const int largeBatchJobs = 100_000;
    const int bulk = 1000;
    const int cronEntries = 10_000;

    static readonly TimeSpan idle = TimeSpan.FromSeconds(20);
    static readonly TimeSpan afterWork = TimeSpan.FromSeconds(15);

    internal static async Task<int> RunAsync(BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        if (settings.Server is not { Length: > 0 } program || !File.Exists(program))
        {
            await Console.Error.WriteLineAsync("FAKTORY_SERVER must name the server's program, published or built");
            return 2;
        }
        List<Figure> figures = [];
        var turns = new Turns(settings, clock, cancel);
        var load = Costs(program, settings, turns, clock, figures);
        figures.AddRange(SwitchesBenchmark.Run(program, settings, turns, clock));
        figures.Add(LastCallback(program, settings, clock));
        figures.Add(IdleCron(program, settings, clock, cancel));
        figures.Add(Locks(program, settings, clock, cancel));
        var report = new BenchReport(Machine.Describe(settings, program), load, figures);
        await Console.Out.WriteLineAsync(settings.IsJson ? report.ToJson() : report.ToText());
        return 0;
    }

    static List<Measured> Costs(string program, BenchSettings settings, Turns turns, TimeProvider clock, List<Figure> figures)
    {
        using var plain = Server(program, settings, "plain");
        using var unique = Server(program, settings, "unique", "\"unique_for\":86400");
        using var expiring = Server(program, settings, "expiring", "\"expires_in\":86400");
        using var tracked = Server(program, settings, "tracked", "\"track\":1");
        using var throttled = Server(program, settings, "throttled");
        throttled.Configure("[throttles]\ndefault = { concurrency = 1000, rate = 1000000, per = \"second\" }\n");
        using var batched = Server(program, settings, $"batches of {batchJobs}");
        List<BenchedServer> servers = [plain, unique, expiring, tracked, throttled, batched];
        foreach (var server in servers)
            server.Start(clock);
        var batches = new Batches(batched);

        List<Measured> load =
        [
            .. turns.Middle(servers, server => turns.Run(server, "PUSH", connections, 1, line => Push(server, line)), Flush),
            .. turns.Middle(servers, Fetch, Flush),
        ];
        foreach (var work in load.GroupBy(m => m.Work))
        {
            var of = work.First(m => m.Server == plain.Name);
            foreach (var measured in work.Where(m => m != of))
            {
                figures.Add(new(measured.Server, $"{work.Key}, time to plain", of.PerSecond / measured.PerSecond, "ratio"));
                if (measured.CpuMicroseconds is { } cpu && of.CpuMicroseconds is { } cpuPlain)
                    figures.Add(new(measured.Server, $"{work.Key}, CPU to plain", cpu / cpuPlain, "ratio"));
            }
        }
        return load;

        void Flush(BenchedServer server)
        {
            Turns.Flush(server);
            if (server == batched)
                batches.Forget();
        }

        bool Push(BenchedServer server, WireLine line)
        {
            if (server == batched)
                batches.BeforePush(line);
            server.Push(line);
            return true;
        }

        Measured Fetch(BenchedServer server)
        {
            if (server == batched)
            {
                using var line = server.Dial();
                batches.Begin(line);
            }
            turns.Preload(server, preloadedPerSecond);
            return turns.Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck);
        }
    }

    // From the last ACK of a large batch to the callback in a worker's hands.
    static Figure LastCallback(string program, BenchSettings settings, TimeProvider clock)
    {
        using var server = Server(program, settings, "a large batch");
        server.Start(clock);
        using var line = server.Dial();
        var batches = new Batches(server);
        batches.Begin(line);
        for (var left = largeBatchJobs; left > 0; left -= bulk)
            server.PushMany(line, bulk);
        batches.Commit(line);
        for (var left = largeBatchJobs; left > 1; left--)
            server.FetchAndAck(line);
        var before = clock.GetTimestamp();
        server.FetchAndAck(line);
        line.Send("FETCH callbacks\r\n"u8);
        if (line.ReadBulk().IsEmpty)
            throw new InvalidOperationException("the callback was not enqueued");
        return new(server.Name, $"batch of {largeBatchJobs:N0}: last FETCH and ACK to the callback fetched", clock.GetElapsedTime(before).TotalMilliseconds, "ms");
    }

    static Figure IdleCron(string program, BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        using var server = Server(program, settings, string.Create(CultureInfo.InvariantCulture, $"{cronEntries:N0} cron entries"));
        var toml = new StringBuilder();
        for (var i = 0; i < cronEntries; i++)
            toml.Append(CultureInfo.InvariantCulture, $"[[cron]]\nschedule = \"{i % 60} {i / 60 % 24} {1 + i % 28} {1 + i % 12} *\"\n[cron.job]\ntype = \"Job{i}\"\n");
        server.Configure(toml.ToString());
        server.Start(clock);
        cancel.WaitHandle.WaitOne(afterWork);
        var before = server.Cpu();
        cancel.WaitHandle.WaitOne(idle);
        return new(server.Name, "CPU of one core while idle", (server.Cpu() - before).TotalSeconds / idle.TotalSeconds * 100, "%");
    }

    static Figure Locks(string program, BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var resident = new List<double>();
        foreach (var custom in (string[])["", "\"unique_for\":86400"])
        {
            using var server = Server(program, settings, "locks", custom);
            server.Start(clock);
            using (var line = server.Dial())
            {
                for (var left = settings.Jobs; left > 0; left -= bulk)
                    server.PushMany(line, bulk);
            }
            cancel.WaitHandle.WaitOne(afterWork);
            resident.Add(server.Memory().Item1);
        }
        return new("faktory sync, locks", string.Create(CultureInfo.InvariantCulture, $"memory of each of {settings.Jobs:N0} locks, RSS"), (resident[1] - resident[0]) * (1 << 20) / settings.Jobs, "bytes");
    }

    static FaktoryUnderTest Server(string program, BenchSettings settings, string note, string custom = "") => new(program, "sync", settings.Folder, $", {note}") { Custom = custom };

    /// <summary>The batch that the next jobs join.</summary>
    sealed class Batches(FaktoryUnderTest server)
    {
        readonly Lock _lock = new();
        string _bid = "";
        int _jobs;

        internal void BeforePush(WireLine line)
        {
            lock (_lock)
            {
                if (_jobs++ % batchJobs != 0)
                    return;
                if (_jobs > 1)
                    Commit(line);
                Begin(line);
            }
        }

        /// <summary>All batches are gone: the next job begins a new one.</summary>
        internal void Forget() => _jobs = 0;

        internal void Begin(WireLine line)
        {
            line.Send("BATCH NEW {\"success\":{\"jid\":\"callback-1\",\"jobtype\":\"Done\",\"args\":[],\"queue\":\"callbacks\"}}\r\n"u8);
            _bid = Encoding.UTF8.GetString(line.ReadBulk());
            server.Custom = $"\"bid\":\"{_bid}\"";
        }

        internal void Commit(WireLine line)
        {
            line.Send(Encoding.UTF8.GetBytes($"BATCH COMMIT {_bid}\r\n"));
            line.ExpectOk();
        }
    }
}
