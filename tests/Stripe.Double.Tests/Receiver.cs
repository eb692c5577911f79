using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stripe.Double.Tests;

/// <summary>Somebody who takes webhooks, verifies them as the SDK does, and answers as they are told to.</summary>
sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly string secret;
    readonly Func<long> now;

    Receiver(WebApplication app, string secret, Func<long> now) => (this.app, this.secret, this.now) = (app, secret, now);

    /// <summary>What was accepted, in the order it came.</summary>
    internal ConcurrentQueue<Event> Accepted { get; } = [];

    /// <summary>What was refused, by the exception that the SDK threw.</summary>
    internal ConcurrentQueue<Exception> Refused { get; } = [];

    internal int Status { get; set; } = 200;

    internal Uri Url => new(app.Urls.Single() + "/hooks");

    internal static async Task<Receiver> StartAsync(string secret, Func<long> now)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(app, secret, now);
        app.MapPost("/hooks", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        try
        {
            Accepted.Enqueue(EventUtility.ConstructEvent(body, request.Headers["Stripe-Signature"], secret, 300, now()));
            return Results.StatusCode(Status);
        }
        // A null version is not a StripeException in this SDK.
        catch (Exception refused) when (refused is StripeException or NullReferenceException)
        {
            Refused.Enqueue(refused);
            return Results.StatusCode(400);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
