using System.CommandLine;
using Faktory.Bench;

// Faktory.Bench server: the job server's speed, latency and appetite, with redis-server beside it. See README.md.
var seconds = new Option<double>("--seconds") { Description = "How long each measurement lasts, its three rounds together.", DefaultValueFactory = _ => 6 };
var jobs = new Option<int>("--jobs") { Description = "Queued jobs for memory, cold start and growth.", DefaultValueFactory = _ => 1_000_000 };
var folder = new Option<DirectoryInfo>("--folder")
{
    Description = "Where data is written; the disk below decides what a sync costs.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
};
var json = new Option<bool>("--json") { Description = "One JSON document instead of tables." };
var noRedis = new Option<bool>("--no-redis") { Description = "Leaves redis-server out." };
var connections = new Option<int[]>("--connections") { Description = "With how many connections, one number for each measurement.", DefaultValueFactory = _ => [1, 2, 4, 10, 20, 50, 200], AllowMultipleArgumentsPerToken = true };
var only = new Option<string[]>("--only") { Description = "Measures just these.", DefaultValueFactory = _ => ServerBenchmark.Parts, AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong([.. ServerBenchmark.Parts, ServerBenchmark.Cycles]);
var cycles = new Option<int>("--cycles") { Description = "Push/pop cycles of --only cycles.", DefaultValueFactory = _ => 1_000_000 };

var server = new Command("server", "The job server that FAKTORY_SERVER names.") { seconds, jobs, folder, json, noRedis, connections, only, cycles };
server.SetAction((given, cancel) => ServerBenchmark.RunAsync(
    SettingsOf(given) with
    {
        WithRedis = !given.GetValue(noRedis),
        Connections = given.GetValue(connections)!,
        Only = given.GetValue(only)!,
        Cycles = given.GetValue(cycles),
    },
    TimeProvider.System,
    cancel));

var features = new Command("features", "What the features of the job server that FAKTORY_SERVER names cost beside a plain job.") { seconds, jobs, folder, json };
features.SetAction((given, cancel) => FeaturesBenchmark.RunAsync(SettingsOf(given), TimeProvider.System, cancel));

return await new RootCommand("Measures Faktory servers over their sockets.") { server, features }.Parse(args).InvokeAsync();

// What both take; without Redis.
BenchSettings SettingsOf(ParseResult given) => new(
    Environment.GetEnvironmentVariable("FAKTORY_SERVER"),
    TimeSpan.FromSeconds(given.GetValue(seconds)),
    given.GetValue(jobs),
    given.GetValue(folder)!,
    given.GetValue(json),
    WithRedis: false,
    Connections: [],
    Only: [],
    Cycles: 0);
