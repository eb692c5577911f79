using System.Reflection;
using Faktory.Client;

namespace Faktory.Conformance.SelfService;

/// <summary>The clients that are generated from the API's description, through the examples that they are shown with: each ends with an address where a job can be pushed.</summary>
public sealed class GeneratedClientTests
{
    static readonly string _folder = typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ClientsFolder").Value!;
    static readonly string _example = typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ClientExample").Value!;

    [Fact]
    public async Task Both_go_from_nothing_to_an_address_and_read_a_refusal()
    {
        Assert.SkipWhen(ControlPlaneProcess.Program is null, "CONTROL_PLANE_HOST does not name the control plane's program; ./test builds it");
        await using var controlPlane = await ControlPlaneProcess.StartAsync(ControlPlaneProcess.Program!, "process");
        var typescript = Path.Combine(_folder, "typescript");
        await CommandRun.OutputInAsync(typescript, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        await CommandRun.OutputInAsync(typescript, "npm", "run", "build");

        await PushesAsync(await CommandRun.OutputInAsync(typescript, "node", "dist/examples/first-queue.js", controlPlane.Api.ToString()));
        await PushesAsync(await CommandRun.OutputInAsync(_folder, "dotnet", _example, controlPlane.Api.ToString()));
    }

    static async Task PushesAsync(string said)
    {
        said.ShouldContain("plan free: Free");
        said.ShouldContain("instance orders: running");
        said.ShouldContain("refused: instance_not_found");
        var url = said.TrimEnd().Split("FAKTORY_URL=")[1];
        await using var producer = new FaktoryProducer(new(FaktoryUrl.Parse(url), TimeProvider.System));
        await producer.PushAsync(FaktoryJob.Create("Mail", "orders"));
    }
}
