using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Faktory.Server.Config;
using Faktory.Server.Protocol;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

/// <summary>A server with an instance file and an admin port, and somebody who holds its token.</summary>
sealed class AdminServer : IAsyncDisposable
{
    internal const string Token = "the-admin-token";
    internal const string Password = "first-password";

    readonly TestFolder _folder = new();
    HttpClient _http = null!;

    AdminServer()
    {
        InstanceFile = _folder["instance.json"];
        WriteInstance($$"""{"admin_token":"{{Token}}","generation":3,"passwords":[{"value":"{{Password}}"}]}""");
    }

    internal string InstanceFile { get; }

    internal TestServer Server { get; private set; } = null!;

    internal string DataDirectory => Server.DataDirectory;

    internal static async Task<AdminServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        var admin = new AdminServer();
        admin.Server = await TestServer.StartAsync(options => (configure ?? (o => o))(options with { AdminBinding = "127.0.0.1:0", InstanceFile = admin.InstanceFile }));
        admin.Dial();
        return admin;
    }

    /// <param name="meanwhile">What happens to the data between the stop and the start.</param>
    internal async Task RestartAsync(Action? meanwhile = null)
    {
        await Server.RestartAsync(meanwhile);
        _http.Dispose();
        Dial();
    }

    internal void WriteInstance(string json) => File.WriteAllText(InstanceFile, json);

    internal async Task<WireClient> ConnectAsync(string password = Password)
    {
        var (client, reply) = await SayHelloAsync(password);
        reply.ShouldBe("+OK");
        return client;
    }

    /// <summary>Answers the challenge with a password, right or wrong.</summary>
    internal async Task<(WireClient Client, string? Reply)> SayHelloAsync(string password)
    {
        var client = await Server.DialAsync();
        var challenge = JsonElement.Parse((await client.ReadLineAsync())["+HI ".Length..]);
        var hash = Challenge.Hash(password, challenge.GetProperty("s").GetString()!, challenge.GetProperty("i").GetInt32());
        return (client, await client.CallAsync($$"""HELLO {"v":2,"pwdhash":"{{hash}}"}"""));
    }

    internal Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    internal Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string json = "{}") => CallAsync(HttpMethod.Post, path, json);

    internal Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(string path, string json) => CallAsync(HttpMethod.Put, path, json);

    internal Task<(HttpStatusCode Status, JsonElement Body)> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path);

    internal async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(HttpMethod method, string path, string? json = null, string? token = Token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        return (response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body));
    }

    internal async Task<byte[]> DownloadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await _http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsByteArrayAsync();
    }

    internal async Task<HttpStatusCode> UploadAsync(string path, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    internal async Task<JsonElement> StatsAsync() => (await GetAsync("/admin/stats")).Body;

    internal async Task<string> ReadinessAsync() => (await CallAsync(HttpMethod.Get, "/readyz", token: null)).Body.GetProperty("status").GetString()!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    void Dial() => _http = new HttpClient { BaseAddress = new Uri($"http://{Server.Host.AdminEndpoint}"), Timeout = Patience.Limit };
}
