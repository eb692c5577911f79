using System.Net;
using System.Text;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using static ControlPlane.Tests.Billing.Inbox.StripeEventJson;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>What is kept of what is posted to the webhook's endpoint, and what is refused.</summary>
public sealed class ReceiveTests(PostgresFixture postgres)
{
    static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    readonly FakeTimeProvider clock = new(start);

    Task<ApiServer> StartAsync(params string[] settings) => ApiServer.StartAsync(postgres, clock, [.. Settings, .. settings]);

    static async Task<List<InboxEvent>> ReadAsync(ApiServer server)
    {
        await using var fleet = server.Fleet();
        return await fleet.Db.InboxEvents.AsNoTracking().OrderBy(e => e.Id).ToListAsync();
    }

    [Fact]
    public async Task An_event_is_kept_once_however_often_it_comes()
    {
        await using var server = await StartAsync();
        var paid = Event("evt_1", "invoice.paid", Invoice("in_1"), start.AddMinutes(-1));
        await server.ShouldBeTakenAsync(paid);
        await server.ShouldBeTakenAsync(paid);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.ShouldBeTakenAsync(Event("evt_2", "invoice.paid", Invoice("in_1"), start))));

        var kept = await ReadAsync(server);

        kept.Select(e => (e.EventId, e.ObjectType, e.ObjectId, e.LockKey, e.State)).ShouldBe([("evt_1", "invoice", "in_1", "cus_1", InboxState.Pending), ("evt_2", "invoice", "in_1", "cus_1", InboxState.Pending)]);
        kept[0].DeliveryCount.ShouldBe(2);
        kept[0].CreatedAt.ShouldBe(start.AddMinutes(-1));
        kept[0].Payload.ShouldBe(paid.ToJsonString());
    }

    [Fact]
    public async Task What_is_not_signed_by_us_and_now_is_refused_and_not_kept()
    {
        await using var server = await StartAsync();
        var body = Event("evt_1", "invoice.paid", Invoice("in_1"), start).ToJsonString();

        using var unsigned = await server.Http.PostAsync("webhooks/stripe", new StringContent(body, Encoding.UTF8, "application/json"));
        await unsigned.ShouldBeRefusedAsync(400, "signature_invalid");
        using var foreign = await server.SendStripeAsync(body, "whsec_another");
        await foreign.ShouldBeRefusedAsync(400, "signature_invalid");
        using var old = await server.SendStripeAsync(body, age: TimeSpan.FromSeconds(301));
        await old.ShouldBeRefusedAsync(400, "signature_invalid");
        using var nothing = await server.SendStripeAsync("{}");
        await nothing.ShouldBeRefusedAsync(400, "event_malformed");
        using var endless = await server.SendStripeAsync(Event("evt_1", "invoice.paid", Invoice(new string('x', 256)), start).ToJsonString());
        await endless.ShouldBeRefusedAsync(400, "event_malformed");
        using var noJson = await server.SendStripeAsync("<event/>");
        await noJson.ShouldBeRefusedAsync(400, "event_malformed");
        using var live = await server.SendStripeAsync(Event("evt_1", "invoice.paid", Invoice("in_1"), start, e => e["livemode"] = true).ToJsonString());
        await live.ShouldBeRefusedAsync(400, "event_of_other_mode");
        using var large = await server.SendStripeAsync(Event("evt_1", "invoice.paid", Large(1024 * 1024), start).ToJsonString());
        await large.ShouldBeRefusedAsync(413, "body_too_large");

        (await ReadAsync(server)).ShouldBeEmpty();
        // On this side of each limit.
        await server.ShouldBeTakenAsync(Event("evt_1", "invoice.paid", Large(1024 * 1024 - 1000), start), age: TimeSpan.FromSeconds(299));

        static object Large(int characters) => new { id = "in_1", @object = "invoice", description = new string('x', characters) };
    }

    [Fact]
    public async Task Both_secrets_are_good_while_they_change()
    {
        await using var server = await StartAsync();

        await server.ShouldBeTakenAsync(Event("evt_1", "invoice.paid", Invoice("in_1"), start), OldSecret);
        await server.ShouldBeTakenAsync(Event("evt_2", "invoice.paid", Invoice("in_1"), start), Secret);

        (await ReadAsync(server)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_nobody_here_can_read_is_parked_with_the_reason()
    {
        await using var server = await StartAsync();

        await server.ShouldBeTakenAsync(Event("evt_1", "invoice.paid", Invoice("in_1"), start, e => e["api_version"] = null));
        await server.ShouldBeTakenAsync(Event("evt_2", "invoice.paid", Invoice("in_1"), start, e => e["api_version"] = "2026-06-24.dahlia"));
        await server.ShouldBeTakenAsync(Event("evt_3", "gift_horse.created", new { id = "gh_1", @object = "gift_horse" }, start));
        await server.ShouldBeTakenAsync(Event("evt_4", "invoice.paid", Invoice("in_1"), start, e => e["api_version"] = "2026-12-01.endive"));

        var kept = await ReadAsync(server);
        kept.Select(e => e.State).ShouldBe([InboxState.Parked, InboxState.Parked, InboxState.Parked, InboxState.Pending]);
        kept[0].Error.ShouldBe("The event names no version of the API.");
        kept[1].Error!.ShouldContain("2026-06-24.dahlia");
        kept[2].Error.ShouldBe("The event is about a kind of object that this service does not know.");
    }

    [Fact]
    public async Task What_nothing_follows_from_is_kept_and_ignored()
    {
        await using var server = await StartAsync();

        await server.ShouldBeTakenAsync(Event("evt_1", "product.created", new { id = "prod_1", @object = "product" }, start));
        // Of a reseller's own customers.
        await server.ShouldBeTakenAsync(Event("evt_2", "invoice.paid", Invoice("in_1"), start, e => e["account"] = "acct_1"));
        // An endpoint for connected accounts is told of their test mode too, and of their live one.
        await server.ShouldBeTakenAsync(Event("evt_3", "account.updated", new { id = "acct_1", @object = "account" }, start, e => (e["account"], e["livemode"]) = ("acct_1", true)));
        await server.ShouldBeTakenAsync(Event("evt_4", "capability.updated", new { id = "transfers", @object = "capability", account = "acct_1" }, start, e => e["account"] = "acct_1"));

        (await ReadAsync(server)).Select(e => (e.EventId, e.State, e.ObjectType, e.ObjectId)).ShouldBe(
            [("evt_1", InboxState.Ignored, "", ""), ("evt_2", InboxState.Ignored, "", ""), ("evt_4", InboxState.Pending, "account", "acct_1")]);
    }

    [Theory]
    [InlineData("checkout.session.completed", """{"id":"cs_1","object":"checkout.session","customer":"cus_1","subscription":"sub_1"}""", "checkout.session", "cs_1", "cus_1")]
    [InlineData("customer.subscription.deleted", """{"id":"sub_1","object":"subscription","customer":"cus_1"}""", "subscription", "sub_1", "cus_1")]
    [InlineData("invoice_payment.paid", """{"id":"inpay_1","object":"invoice_payment","invoice":"in_1"}""", "invoice", "in_1", "in_1")]
    [InlineData("charge.dispute.created", """{"id":"dp_1","object":"dispute","charge":"ch_1"}""", "dispute", "dp_1", "dp_1")]
    [InlineData("charge.refund.updated", """{"id":"re_1","object":"refund","charge":"ch_1"}""", "refund", "re_1", "re_1")]
    [InlineData("transfer.reversed", """{"id":"tr_1","object":"transfer"}""", "transfer", "tr_1", "tr_1")]
    public async Task An_event_tells_what_to_read_again(string type, string about, string objectType, string objectId, string lockKey)
    {
        await using var server = await StartAsync();

        await server.ShouldBeTakenAsync(Event("evt_1", type, System.Text.Json.Nodes.JsonNode.Parse(about)!, start));

        var kept = (await ReadAsync(server)).Single();
        (kept.ObjectType, kept.ObjectId, kept.LockKey).ShouldBe((objectType, objectId, lockKey));
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_endpoint()
    {
        await using var server = await ApiServer.StartAsync(postgres, clock);

        using var response = await server.SendStripeAsync(Event("evt_1", "invoice.paid", Invoice("in_1"), start).ToJsonString());

        await response.ShouldBeRefusedAsync(404, "stripe_not_configured");
    }

    [Fact]
    public async Task A_flood_is_told_to_come_again()
    {
        await using var server = await StartAsync("--RateLimits:ProviderPerAddressPerMinute=2");
        var body = Event("evt_1", "invoice.paid", Invoice("in_1"), start).ToJsonString();

        using var first = await server.SendStripeAsync(body);
        using var second = await server.SendStripeAsync(body);
        using var third = await server.SendStripeAsync(body);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.NoContent, HttpStatusCode.NoContent));
        await third.ShouldBeRefusedAsync(429, "rate_limited");
        first.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"provider\";q=2;w=60"]);
    }
}
