using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Dialects;

public sealed class HerokuTests(PostgresFixture postgres)
{
    const string Uuid = "01234567-89ab-cdef-0123-456789abcdef";

    static readonly PlatformSettings Later = new() { WaitSeconds = 0 };

    [Fact]
    public async Task A_request_is_answered_with_the_address_and_a_second_one_likewise()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, new() { Plans = new Dictionary<string, string> { ["hobby"] = "free" } });

        var first = await world.SendAsync(HttpMethod.Post, "heroku/resources", Body("hobby"), 200);
        var again = await world.SendAsync(HttpMethod.Post, "heroku/resources", Body("hobby"), 200);

        first.Text("id").ShouldBe(Uuid);
        first["config"]!.Text("FAKTORY_URL").ShouldStartWith("tcp://:");
        JsonNode.DeepEquals(first, again).ShouldBeTrue();
        (await world.InstancesAsync()).ShouldBe(1);
        (await world.ResourceAsync(Uuid)).PlanKey.ShouldBe("free");
    }

    [Fact]
    public async Task What_takes_longer_is_answered_with_202_and_called_back_in_order()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });
        world.Runner!.Hold();

        var first = await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(heroku: heroku), 202);
        var again = await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(heroku: heroku), 202);
        await heroku.HearAsync($"POST /addons/{Uuid}/webhooks");
        world.Runner.Release();
        await heroku.HearAsync($"POST /addons/{Uuid}/actions/provision");

        first.Text("id").ShouldBe(Uuid);
        first["config"].ShouldBeNull();
        JsonNode.DeepEquals(first, again).ShouldBeTrue();
        heroku.Taken.Select(h => h.Call).ShouldBe(["POST /oauth/token", $"POST /addons/{Uuid}/webhooks", $"PATCH /addons/{Uuid}/config", $"POST /addons/{Uuid}/actions/provision"]);
        heroku.Taken.ElementAt(2).Json["config"]![0]!.Text("name").ShouldBe("FAKTORY_URL");
        heroku.Taken.ElementAt(2).Json["config"]![0]!.Text("value").ShouldStartWith("tcp://:");
        heroku.Refused.ShouldBeEmpty();
        JsonNode.DeepEquals(await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(heroku: heroku), 202), first).ShouldBeTrue();
        (await world.InstancesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Another_password_is_sent_to_the_platform_also_when_it_was_away_and_the_old_one_works_on()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        // Each has expired when it is needed again.
        heroku.TokensLiveFor = TimeSpan.FromSeconds(30);
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });
        await ProvisionLaterAsync(world, heroku);
        var resource = await world.ResourceAsync(Uuid);
        var config = $"PATCH /addons/{Uuid}/config";
        var given = (await heroku.HearAsync(config)).Json["config"]![0]!.Text("value");
        var owner = await world.OwnerOfAsync(resource);
        heroku.BeAwayFor(2);

        (await owner.RotatePasswordAsync(resource.InstanceId.ToString(), new(30))).State.ShouldNotBe("failed");

        var told = (await heroku.HearAsync(config, times: 2)).Json["config"]![0]!.Text("value");
        told.ShouldNotBe(given);
        told.ShouldBe((await owner.GetCredentialsAsync(resource.InstanceId.ToString())).FaktoryUrl);
        var instance = await world.ReadAsync(db => db.Instances.SingleAsync());
        (instance.SealedPreviousPassword, instance.PreviousPasswordExpiresAt > world.Server.Clock.GetUtcNow().AddMinutes(29)).ShouldBe((instance.SealedPreviousPassword.ShouldNotBeNull(), true));

        await world.Reseller.Staff.Client.RotateManagedPasswordAsync(resource.Id.ToString());
        (await heroku.HearAsync(config, times: 3)).Json["config"]![0]!.Text("value").ShouldNotBe(told);
        heroku.Taken.Count(h => h.Call.EndsWith("/actions/provision", StringComparison.Ordinal)).ShouldBe(1);
        heroku.Taken.Where(h => h.Call == "POST /oauth/token").Select(h => h.Json.Text("grant_type")).ShouldBe(["authorization_code", "refresh_token", "refresh_token", "refresh_token"]);
        heroku.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_platform_that_is_away_is_called_until_it_listens()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });
        heroku.BeAwayFor(4);

        await ProvisionLaterAsync(world, heroku);

        heroku.Taken.Count(h => h.Call == "POST /oauth/token").ShouldBe(1);
        heroku.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_come_up_is_given_back()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });
        world.Runner!.FailFromNowOn();

        await ProvisionLaterAsync(world, heroku, ends: "deprovision");

        heroku.Taken.ShouldNotContain(h => h.Path.EndsWith("/config", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_does_not_come_up_while_the_platform_waits_is_refused_and_gone()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        world.Runner!.FailFromNowOn();

        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 503);

        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Deprovisioned);
    }

    [Fact]
    public async Task The_code_and_the_tokens_are_kept_sealed()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });

        await ProvisionLaterAsync(world, heroku);

        var record = await world.ReadAsync(db => db.PlatformRecords.SingleAsync());
        record.Sealed.ShouldNotBeNull();
        foreach (var secret in (string[])[HerokuDouble.Code, "an-access-token", "a-refresh-token", heroku.Taken.Single(h => h.Path.EndsWith("/webhooks", StringComparison.Ordinal)).Json.Text("secret")])
        {
            $"{record.Data} {record.Sealed}".ShouldNotContain(secret);
            world.Server.Logs.Lines.ShouldNotContain(line => line.Contains(secret));
        }
        (await world.ReadAsync(db => db.Operations.Select(o => o.Data).ToListAsync())).ShouldNotContain(data => data.Contains(HerokuDouble.Code));
    }

    [Fact]
    public async Task Refusals_have_a_sentence_for_the_customer()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 200);

        (await world.SendAsync(HttpMethod.Post, "heroku/resources", Body("pro"), 409)).Text("message").ShouldNotBeEmpty();
        (await world.SendAsync(HttpMethod.Post, "heroku/resources", new { uuid = Guid.NewGuid(), plan = "none" }, 422)).Text("message").ShouldContain("none");
        (await world.SendAsync(HttpMethod.Post, "heroku/resources", new { plan = "free" }, 422)).Text("message").ShouldContain("uuid");
        (await world.SendAsync(HttpMethod.Post, "heroku/resources", new { uuid = Guid.NewGuid(), plan = "free", callback_url = "https://elsewhere.example/addons/1" }, 422)).Text("message").ShouldContain("callback_url");
        await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Uuid}", new { plan = "none" }, 422);
        await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Guid.NewGuid()}", new { plan = "free" }, 404);
        await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Uuid}", new { }, 422);
        await world.SendAsync(HttpMethod.Delete, $"heroku/resources/{Guid.NewGuid()}", null, 410);
        // The password of one dialect opens no other.
        await world.SendAsync(HttpMethod.Delete, $"digitalocean/resources/{Uuid}", null, 401);
    }

    [Fact]
    public async Task Plans_change_and_a_resource_is_given_up_once()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 200);

        (await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Uuid}", new { plan = "pro", unknown = 1 }, 200)).Text("message").ShouldContain("pro");
        (await world.ResourceAsync(Uuid)).PlanKey.ShouldBe("pro");
        await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Uuid}", new { plan = "pro" }, 200);
        await world.SendAsync(HttpMethod.Delete, $"heroku/resources/{Uuid}", null, 200);
        await world.SendAsync(HttpMethod.Delete, $"heroku/resources/{Uuid}", null, 410);
        await world.SendAsync(HttpMethod.Put, $"heroku/resources/{Uuid}", new { plan = "free" }, 410);
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 410);
        (await world.ReadAsync(db => db.Instances.SingleAsync())).Desired.ShouldBe(DesiredState.Deleted);
    }

    [Fact]
    public async Task What_heroku_tells_by_webhook_is_known_by_its_signature_and_an_addon_that_was_destroyed_is_given_up()
    {
        await using var heroku = await PlatformDouble.StartAsync<HerokuDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku, Later with { ApiAddress = heroku.Address, IdentityAddress = heroku.Address });
        await ProvisionLaterAsync(world, heroku);
        var asked = heroku.Taken.Single(h => h.Path.EndsWith("/webhooks", StringComparison.Ordinal)).Json;
        (asked["include"]!.AsArray().Single()!.GetValue<string>(), asked.Text("level")).ShouldBe(("api:addon", "sync"));

        await TellAsync("update", 401, secret: "another");
        await TellAsync("update", 401, path: asked.Text("url").Replace(Uuid, Guid.NewGuid().ToString()));
        await TellAsync("update", 204);
        await TellAsync("destroy", 204, of: Guid.NewGuid().ToString());
        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Active);
        await TellAsync("destroy", 204);
        await TellAsync("destroy", 204);

        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Deprovisioned);
        await world.SendAsync(HttpMethod.Delete, $"heroku/resources/{Uuid}", null, 410);
        (await world.ReadAsync(db => db.AuditEntries.Where(e => e.Action == "platform.notified").Select(e => e.Detail).ToListAsync())).ShouldBe(["addon.update", "addon.destroy", "addon.destroy"]);

        async Task TellAsync(string action, int status, string? secret = null, string? path = null, string of = Uuid)
        {
            var body = new JsonObject { ["action"] = action, ["resource"] = "addon", ["data"] = new JsonObject { ["id"] = of, ["plan"] = new JsonObject { ["name"] = "faktory:free" } }, ["webhook_metadata"] = new JsonObject() }.ToJsonString();
            var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? asked.Text("secret")), Encoding.UTF8.GetBytes(body)));
            using var request = new HttpRequestMessage(HttpMethod.Post, path ?? asked.Text("url")) { Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { { "Heroku-Webhook-Hmac-SHA256", signature } } };
            using var response = await world.Stranger.SendAsync(request);
            await response.ShouldBeAsync(status);
        }
    }

    [Fact]
    public async Task A_user_enters_the_portal_with_either_token()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 200);
        var resource = await world.ResourceAsync(Uuid);
        var now = world.Now();

        foreach (var form in (Dictionary<string, string>[])[Scoped(now), Older(now), Oldest(now)])
        {
            foreach (var path in (string[])["heroku/sso", $"heroku/sso/{DialectWorld.Key}"])
            {
                using var response = await world.Browser.PostAsync(path, new FormUrlEncodedContent(form));
                var hash = SignOnTicket.Hash(response.ShouldLeadToThePortal());
                var ticket = await world.ReadAsync(db => db.SignOnTickets.SingleAsync(t => t.SecretHash == hash));
                (ticket.OrganizationId, ticket.Path).ShouldBe((resource.OrganizationId, $"/instances/{resource.InstanceId}"));
            }
        }
        // One of the two tokens vouches for a person, the other for none.
        (await world.ReadAsync(db => db.SignOnTickets.Select(t => t.UserId).Distinct().CountAsync())).ShouldBe(2);
    }

    [Fact]
    public async Task A_stale_or_forged_sign_on_is_refused()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Heroku);
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(), 200);
        var now = world.Now();

        await RefusedAsync(Scoped(world.Now(ago: TimeSpan.FromSeconds(301))));
        await RefusedAsync(Scoped(world.Now(ago: TimeSpan.FromSeconds(-310))));
        await RefusedAsync(Scoped(now, ("email", "boss@example.com")));
        await RefusedAsync(Scoped(now, ("user_scoped_resource_token", new string('0', 64))));
        await RefusedAsync(Older(now, ("resource_token", new string('0', 40))));
        await RefusedAsync(Older(now, ("timestamp", "soon")));
        await RefusedAsync(Older(now, ("resource_id", Guid.NewGuid().ToString())));
        await RefusedAsync([]);
        using var fresh = await world.Browser.PostAsync("heroku/sso", new FormUrlEncodedContent(Scoped(world.Now(ago: TimeSpan.FromSeconds(280)))));
        fresh.ShouldLeadToThePortal();
        await world.SendAsync(HttpMethod.Delete, $"heroku/resources/{Uuid}", null, 200);
        await RefusedAsync(Scoped(now));

        async Task RefusedAsync(Dictionary<string, string> form)
        {
            using var response = await world.Browser.PostAsync("heroku/sso", new FormUrlEncodedContent(form));
            await response.ShouldBeAsync(403);
        }
    }

    /// <summary>Asks while nothing gets on, so that it is always too early, and waits for Heroku to hear of the end.</summary>
    static async Task ProvisionLaterAsync(DialectWorld world, HerokuDouble heroku, string ends = "provision")
    {
        world.Runner!.Hold();
        await world.SendAsync(HttpMethod.Post, "heroku/resources", Body(heroku: heroku), 202);
        world.Runner.Release();
        await heroku.HearAsync($"POST /addons/{Uuid}/actions/{ends}");
    }

    static JsonObject Body(string plan = "free", HerokuDouble? heroku = null)
    {
        var body = new JsonObject
        {
            ["uuid"] = Uuid,
            ["name"] = "faktory-round-12345",
            ["plan"] = plan,
            ["region"] = "amazon-web-services::us-east-1",
            ["options"] = new JsonObject(),
            ["log_drain_token"] = "d.01234567",
            ["something_new"] = new JsonArray(1, 2),
        };
        if (heroku is not null)
        {
            body["callback_url"] = new Uri(heroku.Address, $"/addons/{Uuid}").AbsoluteUri;
            body["oauth_grant"] = new JsonObject { ["code"] = HerokuDouble.Code, ["expires_at"] = "2099-03-03T18:01:31-0800", ["type"] = "authorization_code" };
        }
        return body;
    }

    static Dictionary<string, string> Scoped(long timestamp, params (string Name, string Value)[] changes)
    {
        var at = timestamp.ToString(CultureInfo.InvariantCulture);
        var token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Uuid}:{DialectWorld.Salt}:{at}:user-1:ann@example.com")));
        return Change(new() { ["resource_id"] = Uuid, ["timestamp"] = at, ["user_id"] = "user-1", ["email"] = "ann@example.com", ["user_scoped_resource_token"] = token, ["app"] = "shop", ["nav-data"] = "x" }, changes);
    }

    static Dictionary<string, string> Older(long timestamp, params (string Name, string Value)[] changes)
    {
        var at = timestamp.ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA5350 // As the protocol has it.
        var token = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{Uuid}:{DialectWorld.Salt}:{at}")));
#pragma warning restore CA5350
        return Change(new() { ["resource_id"] = Uuid, ["timestamp"] = at, ["email"] = "ann@example.com", ["resource_token"] = token }, changes);
    }

    /// <summary>The names of before, which Heroku still sends.</summary>
    static Dictionary<string, string> Oldest(long timestamp)
    {
        var form = Older(timestamp);
        return new() { ["id"] = form["resource_id"], ["token"] = form["resource_token"], ["timestamp"] = form["timestamp"], ["email"] = form["email"], ["nav-data"] = "x" };
    }

    static Dictionary<string, string> Change(Dictionary<string, string> form, (string Name, string Value)[] changes)
    {
        foreach (var (name, value) in changes)
            form[name] = value;
        return form;
    }
}
