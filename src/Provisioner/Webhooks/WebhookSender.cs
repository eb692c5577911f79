using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.Extensions.Options;

namespace Provisioner.Webhooks;

/// <summary>What an endpoint made of a delivery.</summary>
/// <param name="Error">Null where it took it.</param>
sealed record SendResult(int? Status, string? Error);

/// <summary>
/// Posts deliveries to addresses that resellers name, and to nothing that only we could reach: a name is resolved once, every address of it is checked, and the connection goes
/// to the address that was checked. No redirects, no proxy, and the answer's body is not read. Safe for any number of callers.
/// </summary>
sealed class WebhookSender : IDisposable
{
    internal const int AtOnceMax = 2;
    internal static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    readonly HttpClient http;
    readonly SemaphoreSlim places = new(AtOnceMax);

    /// <param name="resolve">The addresses of a host, as the machine's name servers say.</param>
    internal WebhookSender(IOptions<WebhookOptions> options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // A connection that is kept would not be checked again.
            PooledConnectionLifetime = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, cancel) =>
            {
                var addresses = await resolve(context.DnsEndPoint.Host, cancel);
                if (addresses.Length == 0 || !addresses.All(address => WebhookTargets.IsPublic(address) || options.Value.IsAllowed(address)))
                    throw new HttpRequestException("The host is not one of the public internet.");
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(addresses[0], context.DnsEndPoint.Port), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        http = new HttpClient(handler) { Timeout = AnswerWithin };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Faktory-Cloud-Webhooks/1");
    }

    /// <returns>Null when others are being sent already: slow endpoints must not hold what provisions instances.</returns>
    internal async Task<SendResult?> TrySendAsync(Uri url, string id, string body, string signature, CancellationToken cancel)
    {
        if (!await places.WaitAsync(0, CancellationToken.None))
            return null;
        try
        {
            return await SendAsync(url, id, body, signature, cancel);
        }
        finally
        {
            places.Release();
        }
    }

    async Task<SendResult> SendAsync(Uri url, string id, string body, string signature, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(WebhookSignature.Header, signature);
        request.Headers.Add("Faktory-Delivery", id);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var status = (int)response.StatusCode;
            return new SendResult(status, response.IsSuccessStatusCode ? null : $"The endpoint answered {status}.");
        }
        catch (HttpRequestException error)
        {
            return new SendResult(null, $"The endpoint could not be reached: {error.InnerException?.Message ?? error.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SendResult(null, "The endpoint did not answer within 5 seconds.");
        }
    }

    public void Dispose()
    {
        http.Dispose();
        places.Dispose();
    }
}
