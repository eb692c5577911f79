using System.Net;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Stripe.Double.Clock;
using Stripe.Double.Control;
using Stripe.Double.Http;
using Stripe.Double.Pages;
using Stripe.Double.State;
using Stripe.Double.Webhooks;

namespace Stripe.Double;

/// <summary>
/// A Stripe that moves no money: it speaks the API of this version of Stripe.net over loopback, keeps its state in memory, and can be told to go
/// wrong. Any thread may call it.
/// </summary>
public sealed partial class StripeDouble : IAsyncDisposable
{
    readonly StripeDoubleOptions options;
    readonly World world;
    readonly Sender sender;
    readonly FaultPlan faults = new();
    readonly SemaphoreSlim one = new(1, 1);
    readonly Channel<bool> happened = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource stopping = new();
    WebApplication app = null!;
    Task sending = Task.CompletedTask;

    StripeDouble(StripeDoubleOptions options)
    {
        this.options = options;
        world = new(options);
        sender = new(this, options.Clock);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string BaseUrl { get; private set; } = "";

    public string ApiKey => options.ApiKey;

    /// <summary>Whether events wait until <see cref="DeliverAsync"/> is called. Otherwise they go out by themselves.</summary>
    public bool HoldsWebhooks { get; set; }

    /// <summary>Starts listening on loopback.</summary>
    /// <exception cref="ArgumentException">The address is not of this machine, or the key is not a double's.</exception>
    public static async Task<StripeDouble> StartAsync(StripeDoubleOptions options, CancellationToken cancel = default)
    {
        if (!options.Listen.IsLoopback || !IPAddress.TryParse(options.Listen.Host, out var address))
            throw new ArgumentException($"The double listens on an address of loopback only, not on {options.Listen}.", nameof(options));
        if (!options.ApiKey.StartsWith("sk_double_", StringComparison.Ordinal))
            throw new ArgumentException("A double's key begins with sk_double_.", nameof(options));
        var stripe = new StripeDouble(options);
        await stripe.ListenAsync(address, options.Listen.Port, cancel);
        if (options.WebhookUrl is { } url)
            await stripe.DoAsync(world => Endpoints.Register(world, url, options.WebhookSecret));
        return stripe;
    }

    /// <summary>A client of the real SDK for which every address is the double's.</summary>
    public StripeClient NewClient() => new(new StripeClientOptions
    {
        ApiKey = ApiKey,
        ApiBase = BaseUrl,
        ConnectBase = BaseUrl,
        FilesBase = BaseUrl,
        MeterEventsBase = BaseUrl,
    });

    /// <summary>Runs alone, after what has become due meanwhile. The events of it go out afterwards.</summary>
    internal async Task<T> DoAsync<T>(Func<World, T> work)
    {
        try
        {
            return await AloneAsync(work);
        }
        finally
        {
            happened.Writer.TryWrite(true);
        }
    }

    /// <summary>Runs alone, and wakes nobody: what the sender itself looks at and records.</summary>
    internal async Task<T> AloneAsync<T>(Func<World, T> work)
    {
        await one.WaitAsync(stopping.Token);
        try
        {
            DueWork.Run(world);
            return work(world);
        }
        finally
        {
            one.Release();
        }
    }

    async Task ListenAsync(IPAddress address, int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        app = builder.Build();
        var pipeline = new Pipeline(this, faults);
        foreach (var route in Routes.Known().All)
            app.MapMethods(route.Pattern, [route.Method], (HttpContext http) => pipeline.HandleAsync(http, route));
        ControlApi.Map(app, this);
        if (options.PagesAt is not null)
            PeoplesPages.Map(app, this);
        app.MapFallback(http => Unknown(http));
        await app.StartAsync(cancel);
        BaseUrl = app.Urls.Single().TrimEnd('/');
        sending = SendAsync();
    }

    static Task Unknown(HttpContext http)
    {
        var refusal = new Refusal(404, "invalid_request_error", null, $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}).");
        http.Response.StatusCode = refusal.Status;
        return http.Response.WriteAsJsonAsync(new { error = refusal.Error() });
    }

    async Task SendAsync()
    {
        try
        {
            await foreach (var _ in happened.Reader.ReadAllAsync(stopping.Token))
                if (!HoldsWebhooks)
                    await sender.SendReadyAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>As a program: stays until it is told to stop, and runs what becomes due as time passes.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), options.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await DoAsync(_ => true);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sending;
        await app.DisposeAsync();
        sender.Dispose();
        stopping.Dispose();
    }
}
