using Faktory.Conformance.Node;

namespace Faktory.Conformance.SelfService;

/// <summary>An instance that came through a reseller's platform, and a worker that nobody here wrote.</summary>
public sealed class DialectTests
{
    const int jobs = 20;

    [Fact]
    public async Task A_worker_runs_on_the_address_that_came_through_each_dialect()
    {
        Assert.SkipWhen(ControlPlaneProcess.Program is null, "CONTROL_PLANE_HOST does not name the control plane's program; ./test builds it");
        await using var controlPlane = await ControlPlaneProcess.StartAsync(ControlPlaneProcess.Program!, "process", ("Outbound__AllowPrivateAddresses", "true"));
        await using var vercel = new VercelKeys();
        var platforms = await DialectPlatforms.StartAsync(controlPlane, vercel);
        foreach (var dialect in (string[])["heroku", "addons_io", "digital_ocean", "clever_cloud", "open_service_broker", "fly", "vercel"])
        {
            var url = await platforms.ProvisionAsync(dialect);
            var said = await NodeScript.RunAsync(new Dictionary<string, string> { ["FAKTORY_URL"] = url, ["JOBS"] = $"{jobs}" }, "dialects/round.mjs");
            said.ShouldContain($"worked {jobs}", customMessage: dialect);
        }
    }
}
