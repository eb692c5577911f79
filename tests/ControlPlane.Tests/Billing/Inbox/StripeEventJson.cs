using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Tests.Api;
using Stripe;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>Events as Stripe posts them, and the posting.</summary>
static class StripeEventJson
{
    internal const string Secret = "whsec_one";
    internal const string OldSecret = "whsec_old";

    /// <summary>What makes an Api take events; nothing is asked at the address.</summary>
    internal static readonly string[] Settings =
    [
        "--environment=Development", "--Billing:Stripe:Key=sk_double_test", "--Billing:Stripe:Address=http://127.0.0.1:9", $"--Billing:Stripe:WebhookSecrets:0={Secret}", $"--Billing:Stripe:WebhookSecrets:1={OldSecret}",
    ];

    internal static JsonObject Event(string id, string type, object about, DateTimeOffset createdAt, Action<JsonObject>? with = null)
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["object"] = "event",
            ["type"] = type,
            ["api_version"] = StripeConfiguration.ApiVersion,
            ["created"] = createdAt.ToUnixTimeSeconds(),
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["data"] = new JsonObject { ["object"] = System.Text.Json.JsonSerializer.SerializeToNode(about) },
        };
        with?.Invoke(json);
        return json;
    }

    internal static object Invoice(string id, string? customer = "cus_1") => new { id, @object = "invoice", customer };

    internal static async Task<HttpResponseMessage> SendStripeAsync(this ApiServer server, string body, string secret = Secret, TimeSpan age = default)
    {
        var signedAt = (server.Clock.GetUtcNow() - age).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        // Otherwise what is refused for its length is still being sent when the connection closes, now and then before the answer is read.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        request.Headers.TryAddWithoutValidation("Stripe-Signature", EventUtility.GenerateSignatureHeader(body, secret, signedAt));
        return await server.Http.SendAsync(request);
    }

    internal static async Task ShouldBeTakenAsync(this ApiServer server, JsonObject json, string secret = Secret, TimeSpan age = default)
    {
        using var response = await server.SendStripeAsync(json.ToJsonString(), secret, age);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync());
    }
}
