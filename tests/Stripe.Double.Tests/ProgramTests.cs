using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Stripe.Double.Tests;

/// <summary>The double as a program of its own, driven by the SDK and by its control API.</summary>
public sealed class ProgramTests
{
    static readonly TimeSpan startsWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_runs_alone_tells_a_receiver_and_ends_when_it_is_told_to()
    {
        await using var receiver = await Receiver.StartAsync("whsec_program", () => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Stripe.Double")) { RedirectStandardOutput = true, ArgumentList = { "--urls", "http://127.0.0.1:0", "--webhook-url", receiver.Url.ToString(), "--webhook-secret", "whsec_program" } };
        using var program = Process.Start(start)!;
        using var patience = new CancellationTokenSource(startsWithin);
        try
        {
            var words = (await program.StandardOutput.ReadLineAsync(patience.Token))!.Split(' ');
            var (address, key) = (words[5], words[^1]);
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            // Before anything happens: what the sender has begun with it goes through with.
            await PostAsync(http, "/_double/webhooks/hold", new { value = true }, patience.Token);
            var client = new StripeClient(new StripeClientOptions { ApiKey = key, ApiBase = address });
            var session = await client.V1.Checkout.Sessions.CreateAsync(new()
            {
                Mode = "payment",
                SuccessUrl = "https://example.com",
                LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 500, ProductData = new() { Name = "Coffee" } } }],
            }, cancellationToken: patience.Token);
            (await http.PostAsJsonAsync($"/_double/checkout/{session.Id}/complete", new { card = "pm_card_chargeCustomerFail" }, patience.Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
            (await PostAsync(http, $"/_double/checkout/{session.Id}/complete", new { }, patience.Token))!["status"]!.GetValue<string>().ShouldBe("complete");
            await PostAsync(http, "/_double/clock/advance", new { seconds = 3600 }, patience.Token);
            await PostAsync(http, "/_double/faults", new { path = "/v1/customers", method = "GET", status = 429 }, patience.Token);
            await Should.ThrowAsync<StripeException>(new StripeClient(new StripeClientOptions { ApiKey = key, ApiBase = address, HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: 0) }).V1.Customers.ListAsync(cancellationToken: patience.Token));
            (await PostAsync(http, "/_double/webhooks/deliver", new { }, patience.Token))!["attempts"]!.GetValue<int>().ShouldBeGreaterThan(3);
            receiver.Accepted.ShouldContain(happened => happened.Type == "checkout.session.completed");
            var snapshot = await http.GetFromJsonAsync<JsonObject>("/_double/snapshot", patience.Token);
            (await http.PutAsJsonAsync("/_double/snapshot", snapshot, patience.Token)).EnsureSuccessStatusCode();
            using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
            await program.WaitForExitAsync(patience.Token);
            program.ExitCode.ShouldBe(0);
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
    }

    static async Task<JsonObject?> PostAsync(HttpClient http, string path, object body, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancel);
        response.EnsureSuccessStatusCode();
        var text = await response.Content.ReadAsStringAsync(cancel);
        return text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
    }
}
