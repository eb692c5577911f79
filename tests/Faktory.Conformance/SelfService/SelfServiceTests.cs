using Faktory.Client;
using Faktory.Conformance.Node;
using Faktory.Conformance.Survival;

namespace Faktory.Conformance.SelfService;

/// <summary>From nothing to worked jobs, as a customer goes: sign up, create an instance, set FAKTORY_URL.</summary>
public sealed class SelfServiceTests
{
    const int jobs = 1000;
    const int flakyJobs = 5;

    [Theory(Timeout = 600_000), InlineData("process"), InlineData("docker")]
    public async Task Instance_got_with_curl_works_a_thousand_jobs_and_loses_none_when_its_server_is_killed(string engine)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.SkipWhen(ControlPlaneProcess.Program is null, "CONTROL_PLANE_HOST does not name the control plane's program; ./test builds it");
        Assert.SkipWhen(engine == "docker" && Environment.GetEnvironmentVariable("DOCKER_HOST") is null, "DOCKER_HOST is not set; ./test starts an engine where it can");
        await using var controlPlane = await ControlPlaneProcess.StartAsync(ControlPlaneProcess.Program!, engine);
        var server = await RentedServer.RentAsync(controlPlane.Api, engine);
        var environment = new Dictionary<string, string>
        {
            ["FAKTORY_URL"] = server.Url.ToConnectionString(),
            ["JOBS"] = $"{jobs}",
            ["FLAKY"] = $"{flakyJobs}",
        };
        await using var producer = new FaktoryProducer(new(server.Url, TimeProvider.System) { ReconnectFor = TimeSpan.FromMinutes(1) });
        var journal = new Journal();
        using var working = await NodeScript.StartAsync(environment, "survival/work.mjs");
        using var pushing = await NodeScript.StartAsync(environment, "survival/push.mjs");
        var listening = Task.WhenAll(journal.CopyAsync(working.Output), journal.CopyAsync(pushing.Output));

        await LostJobs.KillWhenReachedAsync(server.KillAsync, journal, cancel, 300, 700);
        await pushing.EndAsync();
        await LostJobs.EverythingAcknowledgedIsDoneAsync(producer, journal, jobs + flakyJobs, cancel);

        await working.KillAsync();
        await listening;
        await server.ReturnAsync();
    }
}
