using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using BackupScheduler.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.ObjectStores;

/// <summary>
/// An S3-compatible store in memory, over real sockets: one bucket, path style, multipart uploads, listing in pages. It verifies
/// every request's signature and payload hash (<see cref="S3Signature"/>), and does the harm that <see cref="Fault"/> asks for.
/// </summary>
sealed class S3Double : IAsyncDisposable
{
    internal const string Bucket = "backups";
    internal const int PageSize = 7;
    readonly WebApplication app;
    internal ConcurrentDictionary<string, S3Object> Objects { get; } = new(StringComparer.Ordinal);
    internal ConcurrentDictionary<string, S3Upload> Uploads { get; } = new(StringComparer.Ordinal);
    internal ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Asked before every request; null means none.</summary>
    internal Func<HttpRequest, S3Fault?> Fault { get; set; } = _ => null;

    S3Double(WebApplication app) => this.app = app;

    internal S3StoreOptions Options => new()
    {
        Endpoint = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(),
        Bucket = Bucket,
        AccessKey = "test-access",
        SecretKey = "test-secret",
        Prefix = "faktory/",
        PartBytes = 5 << 20,
        RetriesMax = 0,
    };

    internal static async Task<S3Double> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 64 << 20;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var store = new S3Double(app);
        app.Run(store.AnswerAsync);
        await app.StartAsync();
        return store;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        var fault = Fault(http.Request);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (fault == S3Fault.Unavailable)
            await S3Xml.ErrorAsync(http, 503, "SlowDown");
        else if (S3Signature.Refuse(http.Request, body.ToArray(), "test-access", "test-secret") is { } code)
            await S3Xml.ErrorAsync(http, 403, code);
        else
            await DispatchAsync(http, body.ToArray(), fault);
    }

    Task DispatchAsync(HttpContext http, byte[] body, S3Fault? fault)
    {
        var query = http.Request.Query;
        var path = http.Request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = path.Length == 2 ? path[1] : "";
        if (path[0] != Bucket)
            return S3Xml.ErrorAsync(http, 404, "NoSuchBucket");
        return (http.Request.Method, key) switch
        {
            ("GET", "") when query.ContainsKey("uploads") => S3Xml.UploadsAsync(http, Uploads),
            ("GET", "") => S3Xml.ListAsync(http, Objects, query["prefix"].ToString(), query["continuation-token"].ToString()),
            ("POST", _) when query.ContainsKey("uploads") => BeginAsync(http, key),
            ("PUT", _) when query.ContainsKey("partNumber") => PartAsync(http, query["uploadId"].ToString(), int.Parse(query["partNumber"]!), body),
            ("POST", _) => CompleteAsync(http, query["uploadId"].ToString()),
            ("DELETE", _) when query.ContainsKey("uploadId") => AbortAsync(http, query["uploadId"].ToString()),
            ("PUT", _) => PutAsync(http, key, body, fault),
            ("DELETE", _) => RemoveAsync(http, key),
            ("HEAD" or "GET", _) => GetAsync(http, key, fault),
            _ => S3Xml.ErrorAsync(http, 405, "MethodNotAllowed"),
        };
    }

    async Task GetAsync(HttpContext http, string key, S3Fault? fault)
    {
        if (!Objects.TryGetValue(key, out var found))
        {
            await S3Xml.ErrorAsync(http, 404, "NoSuchKey");
            return;
        }
        http.Response.Headers.LastModified = found.ModifiedAt.ToString("R");
        http.Response.Headers.ETag = found.ETag;
        http.Response.ContentLength = found.Bytes.Length;
        if (http.Request.Method == "HEAD")
            return;
        var bytes = found.Bytes.ToArray();
        if (fault == S3Fault.Corrupt)
            bytes[bytes.Length / 2] ^= 1;
        await http.Response.Body.WriteAsync(bytes.AsMemory(0, fault is null or S3Fault.Corrupt ? bytes.Length : bytes.Length / 2));
        await http.Response.Body.FlushAsync();
        if (fault == S3Fault.CutInHalf)
            http.Abort();
        else if (fault == S3Fault.Stall)
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    Task PutAsync(HttpContext http, string key, byte[] body, S3Fault? fault)
    {
        if (fault == S3Fault.Corrupt)
            body[body.Length / 2] ^= 1;
        return StoreAsync(http, key, new S3Object(body, TimeProvider.System.GetUtcNow()));
    }

    Task StoreAsync(HttpContext http, string key, S3Object stored)
    {
        Objects[key] = stored;
        http.Response.Headers.ETag = stored.ETag;
        return Task.CompletedTask;
    }

    Task RemoveAsync(HttpContext http, string key)
    {
        Objects.TryRemove(key, out _);
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    Task BeginAsync(HttpContext http, string key)
    {
        var id = Guid.NewGuid().ToString("n");
        Uploads[id] = new S3Upload(key, new(), TimeProvider.System.GetUtcNow());
        return S3Xml.BegunAsync(http, key, id);
    }

    Task PartAsync(HttpContext http, string upload, int number, byte[] body)
    {
        if (!Uploads.TryGetValue(upload, out var found))
            return S3Xml.ErrorAsync(http, 404, "NoSuchUpload");
        found.Parts[number] = body;
        http.Response.Headers.ETag = new S3Object(body, default).ETag;
        return Task.CompletedTask;
    }

    async Task CompleteAsync(HttpContext http, string upload)
    {
        if (!Uploads.TryRemove(upload, out var found))
        {
            await S3Xml.ErrorAsync(http, 404, "NoSuchUpload");
            return;
        }
        var whole = found.Parts.OrderBy(p => p.Key).SelectMany(p => p.Value).ToArray();
        await StoreAsync(http, found.Key, new S3Object(whole, TimeProvider.System.GetUtcNow(), found.Parts.Count));
        await S3Xml.CompletedAsync(http, found.Key);
    }

    Task AbortAsync(HttpContext http, string upload)
    {
        http.Response.StatusCode = 204;
        return Uploads.TryRemove(upload, out _) ? Task.CompletedTask : S3Xml.ErrorAsync(http, 404, "NoSuchUpload");
    }
}

/// <summary>Half of the object and then silence, half and then a cut, one flipped bit, or 503.</summary>
enum S3Fault { Unavailable, CutInHalf, Stall, Corrupt }

/// <summary>The ETag is what Amazon's is: the MD5 of an object put whole, and something with a part count of one put in parts.</summary>
sealed record S3Object(byte[] Bytes, DateTimeOffset ModifiedAt, int Parts = 0)
{
#pragma warning disable CA5351 // MD5 is what the protocol has here; nothing relies on its strength.
    internal string ETag => $"\"{Convert.ToHexStringLower(MD5.HashData(Bytes))}{(Parts > 0 ? $"-{Parts}" : "")}\"";
#pragma warning restore CA5351
}

sealed record S3Upload(string Key, ConcurrentDictionary<int, byte[]> Parts, DateTimeOffset InitiatedAt);
