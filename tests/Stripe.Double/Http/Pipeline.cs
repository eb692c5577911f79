using System.Text;
using System.Text.Json.Nodes;
using Stripe.Double.Control;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>What every request passes: the key, planned faults, idempotency, the check of its parameters, its handler, and rendering.</summary>
sealed class Pipeline(StripeDouble stripe, FaultPlan faults)
{
    const int bodyBytesMax = 1 << 20;

    internal async Task HandleAsync(HttpContext http, Route route)
    {
        var body = await ReadAsync(http.Request);
        var fault = faults.Take(http.Request.Method, http.Request.Path);
        var answer = await stripe.DoAsync(world => Answer(world, http.Request, route, body, fault));
        if (fault is { LosesAnswer: true })
        {
            // The effect has happened; the caller never hears of it.
            http.Abort();
            return;
        }
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        http.Response.Headers["Request-Id"] = answer.RequestId;
        http.Response.Headers["Stripe-Version"] = StripeConfiguration.ApiVersion;
        if (answer.IsReplayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        if (answer.Status == 429)
            http.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
        await http.Response.WriteAsync(answer.Body);
    }

    static Answer Answer(World world, HttpRequest request, Route route, string body, Fault? fault)
    {
        var requestId = world.RequestIds.Next("req", 14);
        var idempotency = new Idempotency(world, request, body);
        try
        {
            Authorize(world, request);
            if (idempotency.Replayed() is { } replayed)
                return replayed with { RequestId = requestId };
            if (fault is { LosesAnswer: false })
                return idempotency.Keep(new(fault.Status, fault.Body(), requestId), fault.IsRecorded);
            var sent = Parameters.Check(route.Options, FormTree.Parse(request.Method == "POST" ? body : (request.QueryString.Value ?? "").TrimStart('?')));
            Unsupported.Refuse(sent);
            return idempotency.Keep(Run(world, request, route, sent, requestId, idempotency.Key), true);
        }
        catch (Refusal refusal)
        {
            return new(refusal.Status, ErrorBody(refusal), requestId);
        }
    }

    static Answer Run(World world, HttpRequest request, Route route, JsonObject sent, string requestId, string? key)
    {
        var call = new Call(world, sent, request.Path.Value!, request.RouteValues.ToDictionary(pair => pair.Key, pair => (string)pair.Value!));
        world.Account = request.Headers["Stripe-Account"].FirstOrDefault();
        world.Request = (requestId, key);
        try
        {
            if (world.Account is { } account && world.Store[account] is null)
                throw new Refusal(403, "invalid_request_error", "account_invalid", $"The provided key does not have access to account '{account}'");
            using var showing = world.Clock.ShowFor(world, TestClock(call));
            return new(200, world.Render(route.Handle(call), sent.Strings("expand")).ToJsonString(), requestId);
        }
        catch (Refusal refusal)
        {
            return new(refusal.Status, ErrorBody(refusal), requestId);
        }
        finally
        {
            world.Account = null;
            world.Request = (null, null);
        }
    }

    // The test clock of the customer whom the request is about, however it is named.
    static string? TestClock(Call call)
    {
        var about = call.World.Store[call.Route.GetValueOrDefault("id")] ?? call.World.Store[call.Sent.Str("subscription") ?? call.Sent.Str("invoice") ?? call.Sent.Str("customer")];
        return call.Sent.Str("test_clock") ?? about?.Str("test_clock") ?? call.World.Store[about?.Str("customer")]?.Str("test_clock");
    }

    static void Authorize(World world, HttpRequest request)
    {
        var sent = request.Headers.Authorization.ToString();
        var expected = world.Options.ApiKey;
        if (sent == $"Bearer {expected}" || sent == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(expected + ":"))}")
            return;
        throw new Refusal(401, "invalid_request_error", null, sent.Length == 0 ? "You did not provide an API key." : "Invalid API Key provided: this is not the double's own key.");
    }

    static string ErrorBody(Refusal refusal) => new JsonObject { ["error"] = refusal.Error() }.ToJsonString();

    static async Task<string> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > bodyBytesMax)
            throw new BadHttpRequestException("The body is too long.", 413);
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>What goes back over the wire.</summary>
sealed record Answer(int Status, string Body, string RequestId, bool IsReplayed = false);
