using System.Net;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

public sealed class AccessTests
{
    public static TheoryData<string, string> GuardedCalls => new()
    {
        { "GET", "/admin/stats" }, { "GET", "/metrics" }, { "GET", "/admin/config" }, { "PUT", "/admin/config" },
        { "POST", "/admin/backups" }, { "GET", "/admin/backups" }, { "GET", "/admin/backups/x" }, { "GET", "/admin/backups/x/files/y" }, { "DELETE", "/admin/backups/x" },
        { "POST", "/admin/restores" }, { "GET", "/admin/restores" }, { "PUT", "/admin/restores/x/files/y" }, { "POST", "/admin/restores/x/commit" },
        { "POST", "/admin/restores/x/rollback" }, { "DELETE", "/admin/restores/x" }, { "POST", "/admin/drain" }, { "GET", "/nothing" },
    };

    [Theory]
    [MemberData(nameof(GuardedCalls))]
    public async Task Nothing_but_the_probes_is_served_without_the_token(string method, string path)
    {
        await using var admin = await AdminServer.StartAsync();
        foreach (var token in (string?[])[null, "", "wrong", AdminServer.Token + "x"])
        {
            var (status, body) = await admin.CallAsync(new HttpMethod(method), path, token: token);
            status.ShouldBe(HttpStatusCode.Unauthorized);
            body.GetProperty("code").GetString().ShouldBe("unauthorized");
        }
    }

    [Fact]
    public async Task The_probes_are_open()
    {
        await using var admin = await AdminServer.StartAsync();
        (await admin.CallAsync(HttpMethod.Get, "/healthz", token: null)).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.CallAsync(HttpMethod.Get, "/readyz", token: null)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_call_is_a_problem_with_a_code()
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.GetAsync("/admin/nothing");
        status.ShouldBe(HttpStatusCode.NotFound);
        body.GetProperty("code").GetString().ShouldBe("not_found");
    }

    [Fact]
    public async Task Damaged_data_is_shown_and_nothing_is_repaired_or_served()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-00001");
        await admin.RestartAsync(() => Backup.DamageStore(admin.DataDirectory));

        (await admin.ReadinessAsync()).ShouldBe("needs_repair");
        (await admin.CallAsync(HttpMethod.Get, "/healthz", token: null)).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.GetAsync("/admin/stats")).Body.GetProperty("code").GetString().ShouldBe("not_serving");
        (await (await admin.Server.DialAsync()).ReadToEndAsync()).ShouldBe("");
    }
}
