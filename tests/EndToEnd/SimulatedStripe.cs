using System.Diagnostics;

namespace EndToEnd;

/// <summary>The Stripe double as people start it beside the product: a process with pages of its own.</summary>
sealed class SimulatedStripe : IAsyncDisposable
{
    const string Secret = "whsec_double";
    readonly Log log = new("the Stripe double");
    readonly TaskCompletionSource isListening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process process;

    SimulatedStripe(int apiPort)
    {
        Address = new($"http://127.0.0.1:{Product.FreePort()}");
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Built.StripeDouble, ["--urls", Address.GetLeftPart(UriPartial.Authority), "--webhook-url", $"http://127.0.0.1:{apiPort}/webhooks/stripe", "--webhook-secret", Secret])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
    }

    internal Uri Address { get; }

    /// <summary>What a product of its own has to be told, as docs/billing.md says it.</summary>
    internal IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Billing__Provider"] = "stripe",
        ["Billing__Stripe__Key"] = "sk_double_4eC39HqLyjWDarjtT1zdp7dc",
        ["Billing__Stripe__Address"] = Address.GetLeftPart(UriPartial.Authority),
        ["Billing__Stripe__WebhookSecrets__0"] = Secret,
    };

    internal static async Task<SimulatedStripe> StartAsync(int apiPort)
    {
        var stripe = new SimulatedStripe(apiPort);
        Evidence.Follow(stripe.log);
        stripe.process.OutputDataReceived += (_, line) => stripe.Hear(line.Data);
        stripe.process.ErrorDataReceived += (_, line) => stripe.Hear(line.Data);
        stripe.process.Exited += (_, _) => stripe.isListening.TrySetException(new InvalidOperationException($"the double did not start\n{stripe.log.End}"));
        stripe.process.Start();
        stripe.process.BeginOutputReadLine();
        stripe.process.BeginErrorReadLine();
        await stripe.isListening.Task;
        return stripe;
    }

    void Hear(string? line)
    {
        log.Hear(line);
        if (line?.StartsWith("Simulated Stripe", StringComparison.Ordinal) is true)
            isListening.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
