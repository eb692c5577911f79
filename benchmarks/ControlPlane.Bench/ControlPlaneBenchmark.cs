using ControlPlane.Client;
using Faktory.Client;

namespace ControlPlane.Bench;

/// <summary>The real host with one engine: sign-ups, creations until the first HELLO, and lists, beside the bare start of a server.</summary>
static class ControlPlaneBenchmark
{
    const string Password = "a few plain words";
    const int ListCalls = 200;

    internal static async Task RunAsync(string engine, int creates, TimeProvider clock, CancellationToken cancel)
    {
        var start = await ProcessFloor.MeasureAsync(creates, clock, cancel);
        // A container is the common floor: it is what a customer would start without us.
        var floor = DockerFloor.IsPossible ? await DockerFloor.MeasureAsync(creates, clock, cancel) : start;
        await using var host = await BenchHost.StartAsync(engine, cancel);
        var signUps = new Timings("sign-up to a usable URL");
        var creations = new Timings("POST /v1/instances to HELLO");
        // The first one pays for what every later one finds warm.
        await MeasureOneAsync(host, clock, new Timings("warm-up"), new Timings("warm-up"), cancel);
        for (var i = 0; i < creates; i++)
            await MeasureOneAsync(host, clock, signUps, creations, cancel);
        var lists = await MeasureListAsync(host, clock, cancel);

        Console.WriteLine($"\nEngine {engine}\n\n| | times | p50 ms | p95 ms | p99 ms | of the floor |\n|---|---|---|---|---|---|");
        foreach (var timings in (Timings[])[.. floor == start ? [floor] : (Timings[])[floor, start], creations, signUps, lists])
            Console.WriteLine(timings.ToRow(floor));
    }

    static async Task MeasureOneAsync(BenchHost host, TimeProvider clock, Timings signUps, Timings creations, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        var account = await new ControlPlaneClient(host.Http()).SignUpAsync(new SignUpRequest($"{Guid.NewGuid():n}@example.com", Password, "Bench"), cancel);
        var client = new ControlPlaneClient(host.Http(account.Token));
        var asked = clock.GetTimestamp();
        var instance = await client.CreateInstanceAsync(new CreateInstanceRequest("bench"), waitSeconds: 60, cancel);
        var url = FaktoryUrl.Parse((await client.GetCredentialsAsync(instance.Id, cancel)).FaktoryUrl);
        await using (await FaktoryConnection.OpenAsync(new FaktoryClientOptions(url, clock), cancel: cancel))
        {
            creations.Add(clock.GetElapsedTime(asked));
            signUps.Add(clock.GetElapsedTime(begun));
        }
        // So that the machine does not measure how well it runs thirty servers.
        await client.DeleteInstanceAsync(instance.Id, waitSeconds: 60, cancel);
    }

    static async Task<Timings> MeasureListAsync(BenchHost host, TimeProvider clock, CancellationToken cancel)
    {
        var timings = new Timings("GET /v1/instances");
        var account = await new ControlPlaneClient(host.Http()).SignUpAsync(new SignUpRequest($"{Guid.NewGuid():n}@example.com", Password, "Bench"), cancel);
        var client = new ControlPlaneClient(host.Http(account.Token));
        await client.CreateInstanceAsync(new CreateInstanceRequest("bench"), waitSeconds: 60, cancel);
        for (var i = 0; i < ListCalls; i++)
        {
            var begun = clock.GetTimestamp();
            await client.ListInstancesAsync(cancel: cancel);
            timings.Add(clock.GetElapsedTime(begun));
        }
        return timings;
    }
}
