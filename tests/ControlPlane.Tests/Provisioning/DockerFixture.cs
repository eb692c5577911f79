using System.Diagnostics;
using System.Net.Sockets;
using ControlPlane.Tests.Provisioning;
using Docker.DotNet;
using Docker.DotNet.Models;
using Provisioner.Engines.Containers;

[assembly: AssemblyFixture(typeof(DockerFixture))]

namespace ControlPlane.Tests.Provisioning;

/// <summary>
/// The Docker Engine of this machine, where one answers: at DOCKER_HOST, at its usual socket, or at that of infra/docker/engine.sh.
/// Tests call <see cref="SkipUnlessItAnswers"/> first: what is skipped says why.
/// </summary>
public sealed class DockerFixture : IAsyncLifetime
{
    static readonly string?[] places =
        [Environment.GetEnvironmentVariable("DOCKER_HOST"), "unix:///var/run/docker.sock", "unix:///run/faktory-cloud/docker.sock"];

    string? whyNot;

    internal string Endpoint { get; private set; } = "";

    internal IDockerClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var place in places.Where(place => !string.IsNullOrEmpty(place)))
        {
            var client = new DockerClientBuilder().WithEndpoint(new Uri(place!)).Build();
            if (!await AnswersAsync(client))
            {
                client.Dispose();
                continue;
            }
            (Endpoint, Client) = (place!, client);
            whyNot = File.Exists(ServerBinary.ImageArchive)
                ? null
                : $"There is no image at {ServerBinary.ImageArchive}: run infra/docker/build-image.sh.";
            return;
        }
        whyNot = $"No Docker Engine answers at {string.Join(", ", places.Where(place => !string.IsNullOrEmpty(place)))}: run infra/docker/engine.sh start.";
    }

    public ValueTask DisposeAsync()
    {
        Client?.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<bool> AnswersAsync(DockerClient client)
    {
        try
        {
            await client.System.PingAsync();
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or TimeoutException or IOException)
        {
            return false;
        }
    }

    internal void SkipUnlessItAnswers() => Assert.SkipWhen(whyNot is not null, whyNot ?? "");

    internal DockerEngineOptions Options(string deployment) => new()
    {
        Endpoint = Endpoint,
        Deployment = deployment,
        ImageArchive = ServerBinary.ImageArchive,
        // The id inside the archive, so that a test runs what was built last and not what some tag points to.
        Image = File.ReadAllText(ServerBinary.ImageArchive + ".id").Trim(),
    };

    internal Task<ContainerInspectResponse> InspectAsync(string instanceId) => Client.Containers.InspectContainerAsync(DockerNames.Of(instanceId));

    /// <summary>Runs a command of this machine in the network of the instance's container, which has no shell of its own.</summary>
    internal async Task<(int ExitCode, string Output)> RunInNetworkOfAsync(string instanceId, string bash)
    {
        var container = await InspectAsync(instanceId);
        using var process = Process.Start(new ProcessStartInfo(
            "nsenter", ["--net", "--target", $"{container.State!.Pid}", "timeout", "3", "bash", "-c", bash])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
