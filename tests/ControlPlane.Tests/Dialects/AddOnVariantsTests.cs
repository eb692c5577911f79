using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Dialects;

/// <summary>DigitalOcean, Clever Cloud and addons.io: what they say otherwise than Heroku.</summary>
public sealed class AddOnVariantsTests(PostgresFixture postgres)
{
    const string Uuid = "11111111-89ab-cdef-0123-456789abcdef";

    [Fact]
    public async Task DigitalOcean_makes_changes_suspends_and_gives_up()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.DigitalOcean);

        var made = await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(), 200);
        JsonNode.DeepEquals(await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(), 200), made).ShouldBeTrue();
        made["config"]!.Text("FAKTORY_URL").ShouldStartWith("tcp://:");
        await world.SendAsync(HttpMethod.Put, $"digitalocean/resources/{Uuid}", new { plan_slug = "pro" }, 204);
        await world.SendAsync(HttpMethod.Put, $"digitalocean/resources/{Uuid}", new { plan_slug = "none" }, 422);
        await world.SendAsync(HttpMethod.Put, $"digitalocean/resources/{Guid.NewGuid()}", new { plan_slug = "pro" }, 404);
        await NotifyAsync(world, "resources.suspended");
        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Suspended);
        await NotifyAsync(world, "resources.suspended");
        await NotifyAsync(world, "resources.reactivated");
        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Active);
        await NotifyAsync(world, "something.new");
        await world.SendAsync(HttpMethod.Post, "digitalocean/notifications", new { type = "resources.updated", payload = new { resource = new { uuid = Uuid, name = "New name", state = "provisioned" }, plan = new { slug = "pro" } } }, 204);
        await world.SendAsync(HttpMethod.Post, "digitalocean/notifications", new { type = "resources.updated" }, 204);
        await world.SendAsync(HttpMethod.Post, "digitalocean/notifications", new { payload = new { } }, 422);
        (await world.ReadAsync(db => db.AuditEntries.Where(e => e.Action == "platform.notified").Select(e => e.Detail).ToListAsync()))
            .ShouldBe(["resources.suspended", "resources.suspended", "resources.reactivated", "something.new", "resources.updated"]);
        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(("plan_slug", "pro")), 409);
        await world.SendAsync(HttpMethod.Delete, $"digitalocean/resources/{Uuid}", null, 204);
        await world.SendAsync(HttpMethod.Delete, $"digitalocean/resources/{Uuid}", null, 410);
        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(), 410);
        await NotifyAsync(world, "resources.reactivated");
        (await world.ResourceAsync(Uuid)).State.ShouldBe(ManagedState.Deprovisioned);
        await world.SendAsync(HttpMethod.Delete, $"digitalocean/resources/{Guid.NewGuid()}", null, 404);
        (await world.ReadAsync(db => db.Instances.SingleAsync())).Desired.ShouldBe(DesiredState.Deleted);
        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(("app_slug", "other")), 422);

        // Its DELETE of another one failed too often, it says, with the payload as text, as its own example reads it.
        var other = Guid.NewGuid().ToString();
        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(("uuid", other)), 200);
        await world.SendAsync(HttpMethod.Post, "digitalocean/notifications", new { type = "resources.deprovisioning.failed", created_at = 1, payload = $"{{\"resources_uuids\":[\"{other}\"]}}" }, 204);
        (await world.ResourceAsync(other)).State.ShouldBe(ManagedState.Deprovisioned);
    }

    [Fact]
    public async Task DigitalOcean_is_told_the_address_when_it_is_known()
    {
        await using var ocean = await PlatformDouble.StartAsync<DigitalOceanDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.DigitalOcean, new() { WaitSeconds = 0, ApiAddress = ocean.Address });
        world.Runner!.Hold();

        var body = Ocean();
        body["oauth_grant"] = new JsonObject { ["type"] = "authorization_code", ["code"] = "a-code", ["expires_at"] = 4_102_444_800 };

        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", body, 202);
        world.Runner.Release();

        var heard = await ocean.HearAsync($"PATCH /v2/add-ons/resources/{Uuid}/config");
        heard.Json["config"]!.Text("FAKTORY_URL").ShouldStartWith("tcp://:");
        var resource = await world.ResourceAsync(Uuid);
        await (await world.OwnerOfAsync(resource)).RotatePasswordAsync(resource.InstanceId.ToString(), new(60));
        (await ocean.HearAsync(heard.Call, times: 2)).Json["config"]!.Text("FAKTORY_URL").ShouldNotBe(heard.Json["config"]!.Text("FAKTORY_URL"));
        ocean.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task DigitalOceans_sign_on_is_good_for_two_minutes()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.DigitalOcean);
        await world.SendAsync(HttpMethod.Post, "digitalocean/resources", Ocean(), 200);

        (await SignOnAsync(world, world.Now(ago: TimeSpan.FromSeconds(110)))).ShouldLeadToThePortal();
        await (await SignOnAsync(world, world.Now(ago: TimeSpan.FromSeconds(121)))).ShouldBeAsync(401);
        await (await SignOnAsync(world, world.Now(), salt: "another")).ShouldBeAsync(401);

        static async Task<HttpResponseMessage> SignOnAsync(DialectWorld world, long timestamp, string salt = DialectWorld.Salt)
        {
            var at = timestamp.ToString(CultureInfo.InvariantCulture);
            var token = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes($"{at}:{Uuid}")));
            return await world.Browser.PostAsync("digitalocean/sso", new FormUrlEncodedContent(new Dictionary<string, string> { ["resource_uuid"] = Uuid, ["resource_token"] = token, ["timestamp"] = at, ["user_email"] = "ann@example.com" }));
        }
    }

    [Fact]
    public async Task Clever_Clouds_owner_is_the_customer_and_its_variables_follow()
    {
        await using var clever = await PlatformDouble.StartAsync<CleverCloudDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.CleverCloud, new() { WaitSeconds = 0, ApiAddress = clever.Address });
        world.Runner!.Hold();

        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", Clever("addon_1"), 200);
        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", Clever("addon_1"), 200);
        world.Runner.Release();
        var given = (await clever.HearAsync("PUT /v2/vendor/apps/addon_1")).Json["config"]!.Text("FAKTORY_URL");
        var resource = await world.ResourceAsync("addon_1");
        await (await world.OwnerOfAsync(resource)).RotatePasswordAsync(resource.InstanceId.ToString(), new(60));
        (await clever.HearAsync("PUT /v2/vendor/apps/addon_1", times: 2)).Json["config"]!.Text("FAKTORY_URL").ShouldNotBe(given);
        await world.SendAsync(HttpMethod.Put, "clever-cloud/resources/addon_1", new { plan = "pro" }, 200);
        await world.SendAsync(HttpMethod.Put, "clever-cloud/resources/addon_1", new { plan = "none" }, 422);
        await world.SendAsync(HttpMethod.Put, "clever-cloud/resources/addon_9", new { plan = "pro" }, 404);
        var another = Clever("addon_1");
        another["owner_id"] = "orga_2";
        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", another, 409);
        await world.SendAsync(HttpMethod.Delete, "clever-cloud/resources/addon_1", null, 200);
        await world.SendAsync(HttpMethod.Delete, "clever-cloud/resources/addon_1", null, 410);
        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", Clever("addon_1"), 410);
        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", new { addon_id = "addon_3", plan = "free" }, 422);

        clever.Refused.ShouldBeEmpty();
        (await world.ReadAsync(db => db.ResellerCustomers.SingleAsync())).ExternalId.ShouldBe("orga_1");
    }

    [Fact]
    public async Task Clever_Clouds_sign_on_vouches_for_the_person()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.CleverCloud);
        await world.SendAsync(HttpMethod.Post, "clever-cloud/resources", Clever("addon_1"), 200);
        var at = world.Now().ToString(CultureInfo.InvariantCulture);
        var form = new Dictionary<string, string> { ["id"] = "addon_1", ["user_id"] = "user_1", ["email"] = "ann@example.com", ["nav-data"] = "{}", ["timestamp"] = at };
        form["token"] = Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes($"addon_1:user_1:ann@example.com:{{}}:{DialectWorld.Salt}:{at}")));

        using var good = await world.Browser.PostAsync("clever-cloud/sso", new FormUrlEncodedContent(form));
        good.ShouldLeadToThePortal();
        form["user_id"] = "user_2";
        using var other = await world.Browser.PostAsync("clever-cloud/sso", new FormUrlEncodedContent(form));
        await other.ShouldBeAsync(403);
        form["user_id"] = "user_1";
        at = form["timestamp"] = world.Now(ago: TimeSpan.FromSeconds(301)).ToString(CultureInfo.InvariantCulture);
        form["token"] = Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes($"addon_1:user_1:ann@example.com:{{}}:{DialectWorld.Salt}:{at}")));
        using var stale = await world.Browser.PostAsync("clever-cloud/sso", new FormUrlEncodedContent(form));
        await stale.ShouldBeAsync(403);
    }

    [Fact]
    public async Task Addons_io_speaks_like_heroku_at_an_api_of_its_own()
    {
        await using var addons = await PlatformDouble.StartAsync<HerokuDouble>();
        // Its tokens come from its own API, not from Heroku's.
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.AddonsIo, new() { WaitSeconds = 0, ApiAddress = addons.Address });
        var body = new JsonObject
        {
            ["uuid"] = Uuid,
            ["plan"] = "free",
            ["region"] = "us",
            ["callback_url"] = new Uri(addons.Address, $"/addons/{Uuid}").AbsoluteUri,
            ["oauth_grant"] = new JsonObject { ["code"] = HerokuDouble.Code },
            ["something_new"] = 1,
        };
        world.Runner!.Hold();

        var first = await world.SendAsync(HttpMethod.Post, "addons-io/resources", body, 202);
        world.Runner.Release();
        await addons.HearAsync($"POST /addons/{Uuid}/actions/provision");
        JsonNode.DeepEquals(await world.SendAsync(HttpMethod.Post, "addons-io/resources", body, 202), first).ShouldBeTrue();
        addons.Taken.Select(h => h.Call).ShouldBe(["POST /oauth/token", $"PATCH /addons/{Uuid}/config", $"POST /addons/{Uuid}/actions/provision"]);
        var resource = await world.ResourceAsync(Uuid);
        await (await world.OwnerOfAsync(resource)).RotatePasswordAsync(resource.InstanceId.ToString(), new(60));
        (await addons.HearAsync($"PATCH /addons/{Uuid}/config", times: 2)).Json["config"]![0]!.Text("value").ShouldNotBe(addons.Taken.ElementAt(1).Json["config"]![0]!.Text("value"));
        await world.SendAsync(HttpMethod.Put, $"addons-io/resources/{Uuid}", new { plan = "pro" }, 200);
        await world.SendAsync(HttpMethod.Put, $"addons-io/resources/{Uuid}", new { plan = "none" }, 422);

        var at = world.Now().ToString(CultureInfo.InvariantCulture);
        var form = new Dictionary<string, string> { ["resource_id"] = Uuid, ["timestamp"] = at, ["user_id"] = "u", ["email"] = "e", ["user_scoped_resource_token"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Uuid}:{DialectWorld.Salt}:{at}:u:e"))) };
        using var good = await world.Browser.PostAsync("addons-io/sso", new FormUrlEncodedContent(form));
        good.ShouldLeadToThePortal();
        form["timestamp"] = world.Now(ago: TimeSpan.FromSeconds(1)).ToString(CultureInfo.InvariantCulture);
        using var forged = await world.Browser.PostAsync("addons-io/sso", new FormUrlEncodedContent(form));
        await forged.ShouldBeAsync(403);
        await world.SendAsync(HttpMethod.Delete, $"addons-io/resources/{Uuid}", null, 200);
        await world.SendAsync(HttpMethod.Delete, $"addons-io/resources/{Uuid}", null, 410);
        addons.Refused.ShouldBeEmpty();
    }

    static async Task NotifyAsync(DialectWorld world, string type)
    {
        await world.SendAsync(HttpMethod.Post, "digitalocean/notifications", new { type, created_at = 1, payload = new { resources_uuids = (string[])[Uuid, Guid.NewGuid().ToString()] } }, 204);
        await Provisioning.Wait.UntilAsync("nothing is under way", async () => await world.ReadAsync(db => db.Operations.CountAsync(o => o.FinishedAt == null)) == 0);
    }

    static JsonObject Ocean(params (string Name, string Value)[] changes)
    {
        var body = new JsonObject
        {
            ["uuid"] = Uuid,
            ["resource_name"] = "Jobs of the shop",
            ["app_slug"] = DialectWorld.Key,
            ["plan_slug"] = "free",
            ["email"] = "ann@example.com",
            ["creator_id"] = 17,
            ["metadata"] = new JsonObject(),
        };
        foreach (var (name, value) in changes)
            body[name] = value;
        return body;
    }

    static JsonObject Clever(string id) => new()
    {
        ["addon_id"] = id,
        ["owner_id"] = "orga_1",
        ["owner_name"] = "The shop",
        ["user_id"] = "user_1",
        ["plan"] = "free",
        ["region"] = "EU",
        ["callback_url"] = "https://api.clever-cloud.com/v2/vendor/apps/" + id,
        ["options"] = new JsonObject(),
    };
}
