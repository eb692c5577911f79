using System.Globalization;
using ControlPlane.Bench;

// ./bench control [--creates N] [--engine process|docker]: how long a new customer waits, beside what the machine needs at the least.
var creates = Value("--creates") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 30;
string[] engines = Value("--engine") is { } only ? [only] : DockerFloor.IsPossible ? ["process", "docker"] : ["process"];
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
foreach (var engine in engines)
    await ControlPlaneBenchmark.RunAsync(engine, creates, TimeProvider.System, stop.Token);
return 0;

string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
