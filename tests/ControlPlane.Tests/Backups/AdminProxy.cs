using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.Backups;

/// <summary>Stands between the BackupScheduler and a server's admin port, and loses what a test wants lost.</summary>
sealed class AdminProxy : IAsyncDisposable
{
    readonly WebApplication app;
    readonly HttpClient http;

    AdminProxy(WebApplication app, HttpClient http) => (this.app, this.http) = (app, http);

    internal string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Asked for every request.</summary>
    internal Func<string, ProxyFault> Fault { get; set; } = _ => ProxyFault.None;

    /// <summary>Awaited before a request is forwarded: whatever else should happen at that moment.</summary>
    internal List<Func<string, Task>> Forwarding { get; } = [];

    /// <summary>Awaited when the server has answered, before anybody hears of it.</summary>
    internal List<Func<string, Task>> Answering { get; } = [];

    internal static async Task<AdminProxy> StartAsync(string target)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var proxy = new AdminProxy(app, new HttpClient { BaseAddress = new Uri(target) });
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    async Task ForwardAsync(HttpContext context)
    {
        var name = $"{context.Request.Method} {context.Request.Path}";
        foreach (var happening in Forwarding.ToArray())
            await happening(name);
        var fault = Fault(name);
        if (fault == ProxyFault.Refuse)
        {
            context.Response.StatusCode = 503;
            return;
        }
        if (fault == ProxyFault.LoseRequest)
        {
            context.Abort();
            return;
        }
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        request.Headers.Authorization = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var token) ? token : null;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
            request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) ? type : null;
        }
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        foreach (var happening in Answering.ToArray())
            await happening(name);
        if (fault == ProxyFault.LoseAnswer)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentLength = answer.Content.Headers.ContentLength;
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <summary>Refuse: 503. LoseRequest: cut before the server hears of it. LoseAnswer: the server has done it, and nobody learns that.</summary>
enum ProxyFault { None, Refuse, LoseRequest, LoseAnswer }
