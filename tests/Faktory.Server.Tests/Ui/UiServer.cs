using System.Net;
using System.Text.RegularExpressions;
using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Ui;

/// <summary>A server with the web UI, and a browser that follows redirects only when it is told to.</summary>
sealed partial class UiServer : IAsyncDisposable
{
    readonly HttpClient _http;

    UiServer(TestServer server)
    {
        Server = server;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://{server.Host.WebEndpoint}"),
            Timeout = Patience.Limit,
        };
    }

    internal TestServer Server { get; }

    internal static async Task<UiServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null) =>
        new(await TestServer.StartAsync(options => (configure ?? (o => o))(options with { WebBinding = "127.0.0.1:0" })));

    internal Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) => SendAsync(method, path, null, headers);

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await _http.SendAsync(request);
    }

    internal async Task<string> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, path, headers);
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return body;
    }

    internal Task<HttpResponseMessage> TryPostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    /// <summary>Sends a form, and gives the page that it leads to.</summary>
    internal async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var response = await TryPostAsync(path, fields);
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await response.Content.ReadAsStringAsync());
        return await GetAsync(response.Headers.Location!.OriginalString);
    }

    internal async Task<WireClient> ConnectAsync() => await Server.ConnectAsync();

    /// <summary>Pushes a job, fetches it and fails it.</summary>
    internal async Task FailAsync(string jid, string more = "", string errorType = "Boom", string message = "it broke", string backtrace = "[]")
    {
        await using var client = await ConnectAsync();
        await client.PushAsync(jid, more: more);
        (await client.FetchJidAsync()).ShouldBe(jid);
        (await client.CallAsync($$"""FAIL {"jid":"{{jid}}","errtype":"{{errorType}}","message":"{{message}}","backtrace":{{backtrace}}}""")).ShouldBe("+OK");
    }

    /// <summary>The values of the boxes with which jobs are selected.</summary>
    internal static string[] KeysOf(string page) => [.. BoxPattern().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    [GeneratedRegex("<input type=\"checkbox\" name=\"key\" value=\"([^\"]*)\"")]
    private static partial Regex BoxPattern();
}
