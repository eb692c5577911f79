using System.Collections.Concurrent;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.Resellers;

/// <summary>A reseller's endpoint on loopback, that remembers what it was sent.</summary>
sealed class Receiver(WebApplication app) : IAsyncDisposable
{
    internal sealed record Delivery(string Signature, string Id, string Body);

    /// <summary>Loopback is not public; a test, like a developer, allows it.</summary>
    internal static WebhookOptions Allowed
    {
        get
        {
            var options = new WebhookOptions();
            options.AllowedNetworks.Add("127.0.0.0/8");
            return options;
        }
    }

    internal ConcurrentQueue<Delivery> Received { get; } = new();
    internal Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;
    internal Uri Url => new($"{app.Urls.Single()}/hook");
    internal int Port => Url.Port;

    internal static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/hook", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            receiver.Received.Enqueue(new Delivery(context.Request.Headers[WebhookSignature.Header].ToString(), context.Request.Headers["Faktory-Delivery"].ToString(), await reader.ReadToEndAsync()));
            await receiver.Answer(context);
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
