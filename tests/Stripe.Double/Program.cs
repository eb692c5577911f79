using Stripe.Double;

// dotnet run --project tests/Stripe.Double -- --urls http://127.0.0.1:12111 --webhook-url http://… --webhook-secret whsec_…
var settings = new ConfigurationBuilder().AddCommandLine(args, new Dictionary<string, string> { ["--webhook-url"] = "webhook", ["--webhook-secret"] = "secret", ["--urls"] = "urls" }).Build();
var listen = new Uri(settings["urls"] ?? "http://127.0.0.1:12111");
var options = new StripeDoubleOptions { Clock = TimeProvider.System, Listen = listen, PagesAt = listen };
if (settings["webhook"] is { } webhook)
    options = options with { WebhookUrl = new(webhook), WebhookSecret = settings["secret"] ?? options.WebhookSecret };

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stopping.Cancel();
});
await using var stripe = await StripeDouble.StartAsync(options);
Console.WriteLine($"Simulated Stripe, no money moves: {stripe.BaseUrl} with the key {stripe.ApiKey}");
await stripe.RunAsync(stopping.Token);
