using System.Globalization;
using ControlPlane.Bench;

// ./bench control [--creates N] [--engine process|docker]: how long a new customer waits, beside what the machine needs at the least.
// ./bench reseller [--creates N] [--customers N]: how long a reseller's customer waits for an instance, by the native API and by each dialect.
// ./bench money [--seconds N] [--customers N] [--purchases N]: what the ledger and the inbox do in a second, how long the closing of a month takes, and how long somebody waits who has paid.
var creates = Value("--creates") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 30;
string[] engines = Value("--engine") is { } only ? [only] : DockerFloor.IsPossible ? ["process", "docker"] : ["process"];
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
if (args is ["reseller", ..])
{
    await ResellerBenchmark.RunAsync(engines[0], creates, int.Parse(Value("--customers") ?? "1000", CultureInfo.InvariantCulture), TimeProvider.System, stop.Token);
    return 0;
}
if (args is ["money", ..])
{
    var (seconds, customers) = (int.Parse(Value("--seconds") ?? "5", CultureInfo.InvariantCulture), int.Parse(Value("--customers") ?? "10000", CultureInfo.InvariantCulture));
    await MoneyBenchmark.RunAsync(TimeSpan.FromSeconds(seconds), customers, TimeProvider.System, stop.Token);
    await PurchaseBenchmark.RunAsync(int.Parse(Value("--purchases") ?? "20", CultureInfo.InvariantCulture), TimeProvider.System, stop.Token);
    return 0;
}
foreach (var engine in engines)
    await ControlPlaneBenchmark.RunAsync(engine, creates, TimeProvider.System, stop.Token);
return 0;

string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
