using System.Globalization;
using ControlPlane.Client;

namespace ControlPlane.Bench;

/// <summary>The real host: instances that a reseller asks for through the native API, beside those that a customer asks for itself, in turns.</summary>
static class ResellerBenchmark
{
    const string Password = "a few plain words";

    internal static async Task RunAsync(string engine, int creates, int customers, TimeProvider clock, CancellationToken cancel)
    {
        await using var host = await BenchHost.StartAsync(engine, cancel, settings: ("Outbound__AllowPrivateAddresses", "true"));
        var (own, native, repeats) = (new Timings("POST /v1/instances, the customer's own"), new Timings("POST /v1/reseller/instances"), new Timings("the same request again"));
        var reseller = await BecomeResellerAsync(host, cancel);
        await MeasureOneAsync(host, reseller, "warm", clock, new Timings("warm-up"), new Timings("warm-up"), new Timings("warm-up"), cancel);
        for (var i = 0; i < creates; i++)
            await MeasureOneAsync(host, reseller, i.ToString(CultureInfo.InvariantCulture), clock, own, native, repeats, cancel);

        Console.WriteLine($"\nEngine {engine}, until the instance runs\n\n| | times | p50 ms | p95 ms | p99 ms | of the customer's own |\n|---|---|---|---|---|---|");
        foreach (var timings in (Timings[])[own, native, repeats])
            Console.WriteLine(timings.ToRow(own));
        await DialectBenchmark.RunAsync(host, reseller, async (name, timings, whole) =>
        {
            var begun = clock.GetTimestamp();
            var (_, made) = await MeasureNativeAsync(reseller, $"n-{name}", clock, timings, cancel);
            whole.Add(clock.GetElapsedTime(begun));
            await reseller.DeprovisionAsync(made.Id, waitSeconds: 0, cancel);
        }, creates, customers, clock, cancel);
    }

    /// <summary>A customer, and its instance by the native call, which alone is timed.</summary>
    static async Task<(CreateManagedInstanceRequest Request, ManagedInstanceResource Made)> MeasureNativeAsync(ControlPlaneClient reseller, string name, TimeProvider clock, Timings native, CancellationToken cancel)
    {
        var customer = await reseller.CreateManagedCustomerAsync(new CreateManagedCustomerRequest(name, "Bench", $"{name}@customers.example.com"), cancel);
        var request = new CreateManagedInstanceRequest(name, customer.Id, "free");
        var begun = clock.GetTimestamp();
        var made = await reseller.CreateManagedInstanceAsync(request, waitSeconds: 60, cancel);
        native.Add(clock.GetElapsedTime(begun));
        return (request, made);
    }

    static async Task<ControlPlaneClient> BecomeResellerAsync(BenchHost host, CancellationToken cancel)
    {
        var visitor = new ControlPlaneClient(host.Http());
        var boss = await visitor.SignUpAsync(new SignUpRequest("operator@example.com", Password, "Operator"), cancel);
        await visitor.ClaimOperatorAsync(new ClaimOperatorRequest(host.OperatorClaim, "operator@example.com", Password), cancel);
        var staff = await visitor.SignUpAsync(new SignUpRequest("staff@example.com", Password, "Resale"), cancel);
        await new ControlPlaneClient(host.Http(boss.Token)).CreateResellerAsync(new CreateResellerRequest(staff.Organization.Id), cancel);
        return new ControlPlaneClient(host.Http(staff.Token));
    }

    static async Task MeasureOneAsync(BenchHost host, ControlPlaneClient reseller, string name, TimeProvider clock, Timings own, Timings native, Timings repeats, CancellationToken cancel)
    {
        var account = await new ControlPlaneClient(host.Http()).SignUpAsync(new SignUpRequest($"{Guid.NewGuid():n}@example.com", Password, "Bench"), cancel);
        var client = new ControlPlaneClient(host.Http(account.Token));
        var begun = clock.GetTimestamp();
        var mine = await client.CreateInstanceAsync(new CreateInstanceRequest("bench"), waitSeconds: 60, cancel);
        own.Add(clock.GetElapsedTime(begun));
        var (request, made) = await MeasureNativeAsync(reseller, $"c-{name}", clock, native, cancel);
        begun = clock.GetTimestamp();
        await reseller.CreateManagedInstanceAsync(request, waitSeconds: 60, cancel);
        repeats.Add(clock.GetElapsedTime(begun));

        // So that the machine does not measure how well it runs sixty servers.
        await client.DeleteInstanceAsync(mine.Id, waitSeconds: 60, cancel);
        await reseller.DeprovisionAsync(made.Id, waitSeconds: 60, cancel);
    }
}
