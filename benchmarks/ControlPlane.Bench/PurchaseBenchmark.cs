using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ControlPlane.Client;
using Stripe.Double;
using Stripe.Double.Webhooks;

namespace ControlPlane.Bench;

/// <summary>
/// How long somebody who has paid waits: from when the first event about a paid checkout was taken in to when what the instance is entitled to is stored, and to when the running instance has it. The
/// whole service runs, over HTTP, beside Stripe's double.
/// </summary>
static class PurchaseBenchmark
{
    const string Secret = "whsec_bench";
    static readonly TimeSpan waitMax = TimeSpan.FromSeconds(30), lookEvery = TimeSpan.FromMilliseconds(10);

    internal static async Task RunAsync(int purchases, TimeProvider clock, CancellationToken cancel)
    {
        var port = FreePort();
        await using var stripe = await StripeDouble.StartAsync(new() { Clock = clock, WebhookUrl = new Uri($"http://127.0.0.1:{port}/webhooks/stripe"), WebhookSecret = Secret }, cancel);
        await using var host = await BenchHost.StartAsync(
            "process", cancel, ["--api", port.ToString(CultureInfo.InvariantCulture)],
            ("DOTNET_ENVIRONMENT", "Development"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("Billing__Provider", "stripe"), ("Billing__Stripe__Key", stripe.ApiKey), ("Billing__Stripe__Address", stripe.BaseUrl),
            ("Billing__Stripe__WebhookSecrets__0", Secret));
        var (entitled, running) = (new Timings("to the entitlement"), new Timings("to the running instance"));
        for (var number = 0; number < purchases; number++)
            await BuyAsync(host, stripe, number, entitled, running, clock, cancel);
        Console.WriteLine("\nFrom a delivered event of a paid checkout, ms\n\n| | purchases | p50 | p95 |\n|---|---|---|---|");
        foreach (var timings in (Timings[])[entitled, running])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {timings.Name} | {purchases} | {timings.Milliseconds(0.5):0} | {timings.Milliseconds(0.95):0} |"));
    }

    static async Task BuyAsync(BenchHost host, StripeDouble stripe, int number, Timings entitled, Timings running, TimeProvider clock, CancellationToken cancel)
    {
        using var stranger = host.Http();
        var account = await new ControlPlaneClient(stranger).SignUpAsync(new($"bench-{number}@example.com", "a few plain words", "Bench"), cancel);
        using var http = host.Http(account.Token);
        var client = new ControlPlaneClient(http);
        var instance = await client.CreateInstanceAsync(new("bench"), 30, cancel);
        var page = await client.CheckOutAsync(new CheckoutRequest("pro", instance.Id), cancel);
        var delivered = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        stripe.WatchWebhooks(after: attempt =>
        {
            if (attempt is WebhookAttempt { EventType: "checkout.session.completed" or "customer.subscription.created" or "invoice.paid", Answered: 204 })
                delivered.TrySetResult(clock.GetTimestamp());
            return Task.CompletedTask;
        });
        await stripe.CompleteCheckoutAsync(page.Address.Split('/')[^1]);
        var begun = await delivered.Task.WaitAsync(waitMax, clock, cancel);
        await UntilAsync(async () => (await client.GetInstanceAsync(instance.Id, cancel)).Plan == "pro", begun, clock, cancel);
        entitled.Add(clock.GetElapsedTime(begun));
        await UntilAsync(async () => (await client.ListOperationsAsync(instance.Id, null, cancel)).Items.Any(o => o is { Kind: "instance.change_plan", State: "succeeded" }), begun, clock, cancel);
        running.Add(clock.GetElapsedTime(begun));
    }

    static async Task UntilAsync(Func<Task<bool>> holds, long begun, TimeProvider clock, CancellationToken cancel)
    {
        while (!await holds())
        {
            if (clock.GetElapsedTime(begun) > waitMax)
                throw new TimeoutException("What was paid for did not come.");
            await Task.Delay(lookEvery, clock, cancel);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
