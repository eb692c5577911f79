using System.Net;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class FeatureSwitchTests
{
    [Theory]
    [InlineData("unique", "\"unique_for\":60", "unique jobs (custom.unique_for)")]
    [InlineData("expiring", "\"expires_in\":60", "expiring jobs (custom.expires_at, custom.expires_in)")]
    [InlineData("tracking", "\"track\":1", "tracked jobs (custom.track, TRACK)")]
    [InlineData("debounce", "\"debounce_for\":60", "debounced jobs (custom.debounce_for)")]
    public async Task One_that_is_off_is_refused_with_its_name_and_the_plan_that_has_it(string feature, string custom, string name)
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        var push = $"PUSH {Job.Json("job-00001", more: $"\"custom\":{{{custom}}}")}";

        await SwitchAsync(admin, 4, $$"""{"{{feature}}":"Pro"}""");
        (await client.CallAsync(push)).ShouldBe($"-ERR {name} are not part of this plan: they come with the plan Pro");
        await SwitchAsync(admin, 5, $$"""{"{{feature}}":false}""");
        (await client.CallAsync(push)).ShouldBe($"-ERR {name} are switched off on this server");
        await SwitchAsync(admin, 6, $$"""{"{{feature}}":true}""");
        (await client.CallAsync(push)).ShouldBe("+OK");
    }

    [Fact]
    public async Task One_that_is_off_stays_off_across_a_restart()
    {
        await using var admin = await AdminServer.StartAsync();
        await SwitchAsync(admin, 4, """{"unique":"Pro"}""");
        await admin.RestartAsync();
        await using var client = await admin.ConnectAsync();

        (await client.CallAsync($"PUSH {Job.Json("job-00001", more: "\"custom\":{\"unique_for\":60}")}"))!.ShouldContain("come with the plan Pro");
    }

    [Fact]
    public async Task A_value_that_says_neither_is_refused()
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", $$$"""{"generation":4,"passwords":[{"value":"{{{AdminServer.Password}}}"}],"features":{"unique":7}}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("detail").GetString()!.ShouldContain("the feature unique must be true, false, or the name of the plan that has it");
    }

    static async Task SwitchAsync(AdminServer admin, int generation, string features) =>
        (await admin.PutAsync("/admin/config", $$$"""{"generation":{{{generation}}},"passwords":[{"value":"{{{AdminServer.Password}}}"}],"features":{{{features}}}}""")).Status.ShouldBe(HttpStatusCode.OK);
}
