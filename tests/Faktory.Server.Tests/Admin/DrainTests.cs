using System.Net;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

public sealed class DrainTests
{
    [Fact]
    public async Task A_draining_server_gives_and_takes_no_jobs_but_lets_work_end()
    {
        await using var admin = await AdminServer.StartAsync();
        var client = await admin.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002");
        (await client.FetchJidAsync()).ShouldBe("job-00001");

        (await admin.PostAsync("/admin/drain")).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.ReadinessAsync()).ShouldBe("draining");
        (await client.CallAsync($"PUSH {Job.Json("job-00003")}")).ShouldBe("-ERR this server is draining and takes no new jobs");
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        await client.SendAsync("FETCH default\r\n");
        await admin.Server.UntilWaitingAsync();

        (await admin.PostAsync("/admin/drain", """{"drain":false}""")).Status.ShouldBe(HttpStatusCode.OK);
        Job.Jid(await client.ReadAsync()).ShouldBe("job-00002");
        (await admin.ReadinessAsync()).ShouldBe("ok");
        await client.PushAsync("job-00003");
    }
}
