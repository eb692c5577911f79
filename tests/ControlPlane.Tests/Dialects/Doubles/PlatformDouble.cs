using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ControlPlane.Tests.Provisioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.Dialects.Doubles;

/// <summary>What was said to a platform.</summary>
/// <param name="Body">As text; the fields of a form come as JSON.</param>
sealed record Heard(string Method, string Path, string? Authorization, string Body, IHeaderDictionary Headers)
{
    internal string Call => $"{Method} {Path}";
    internal JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>A platform's API on loopback that takes what its manual names and nothing else, and remembers what it was told.</summary>
abstract class PlatformDouble : IAsyncDisposable
{
    readonly ConcurrentQueue<Heard> heard = new();
    WebApplication? app;
    int away, lost;

    internal Uri Address { get; private set; } = null!;

    /// <summary>Everything that was taken.</summary>
    internal IReadOnlyCollection<Heard> Taken => heard;

    /// <summary>What was refused, with the reason: a test that ends with any of these has found a mistake.</summary>
    internal ConcurrentQueue<string> Refused { get; } = new();

    internal static async Task<TDouble> StartAsync<TDouble>() where TDouble : PlatformDouble, new()
    {
        var platform = new TDouble();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        platform.app = builder.Build();
        platform.app.Run(platform.HandleAsync);
        await platform.app.StartAsync();
        platform.Address = new Uri(platform.app.Urls.Single());
        return platform;
    }

    /// <summary>The next requests are answered with 503.</summary>
    internal void BeAwayFor(int requests) => Volatile.Write(ref away, requests);

    /// <summary>What is being heard is answered with 503 all the same.</summary>
    protected void Lose() => Volatile.Write(ref lost, 1);

    internal async Task<Heard> HearAsync(string call, int times = 1)
    {
        try
        {
            await Wait.UntilAsync($"{GetType().Name} heard {call}", () => Taken.Count(h => h.Call == call) >= times);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}; it took {string.Join(", ", Taken.Select(h => h.Call))} and refused {string.Join(", ", Refused)}", error);
        }
        return Taken.Last(h => h.Call == call);
    }

    /// <returns>Status and body; a status of 400 and more says why in the body.</returns>
    protected abstract (int Status, object? Body) Answer(Heard request);

    async Task HandleAsync(HttpContext http)
    {
        if (Interlocked.Decrement(ref away) >= 0)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        var request = new Heard(http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}", http.Request.Headers.Authorization, await ReadBodyAsync(http.Request), http.Request.Headers);
        var (status, body) = Answer(request);
        if (status < 400)
            heard.Enqueue(request);
        else
            Refused.Enqueue($"{status} {request.Call} {request.Body}: {body}");
        http.Response.StatusCode = Interlocked.Exchange(ref lost, 0) == 1 ? StatusCodes.Status503ServiceUnavailable : status;
        if (body is not null)
            await http.Response.WriteAsJsonAsync(body, body.GetType());
    }

    static async Task<string> ReadBodyAsync(HttpRequest request)
    {
        if (request.HasFormContentType)
            return new JsonObject((await request.ReadFormAsync()).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToString()))).ToJsonString();
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }
}
