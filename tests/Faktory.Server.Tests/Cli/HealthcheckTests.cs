using Faktory.Server.Connections;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Cli;

public sealed class HealthcheckTests
{
    [Fact]
    public async Task The_admin_port_says_whether_commands_are_served()
    {
        await using var admin = await AdminServer.StartAsync();
        string[] ask = ["healthcheck", "--admin", admin.Server.Host.AdminEndpoint!.ToString()];

        (await CommandRun.OfAsync(ask)).Code.ShouldBe(0);
        await admin.PostAsync("/admin/drain");
        var draining = await CommandRun.OfAsync(ask);
        (draining.Code, draining.Output).ShouldBe((1, "{\"status\":\"draining\"}\n"));
    }

    [Fact]
    public async Task Without_an_admin_port_the_greeting_is_enough_and_needs_no_password()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));

        (await CommandRun.AtAsync(server.Port, "", "healthcheck")).Code.ShouldBe(0);
        (await CommandRun.AtAsync(1, "", "healthcheck")).Code.ShouldBe(1);
    }
}
