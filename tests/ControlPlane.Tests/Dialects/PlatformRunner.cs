using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Provisioner.Platforms;

namespace ControlPlane.Tests.Dialects;

/// <summary>Runs operations as the Provisioner's role: the calls to platforms are the real ones, instances are played, quickly.</summary>
sealed class PlatformRunner : IAsyncDisposable
{
    readonly ControlPlaneScope services;
    readonly PlayedInstances played;

    PlatformRunner(ControlPlaneScope services, PlayedInstances played) => (this.services, this.played) = (services, played);

    internal static async Task<PlatformRunner> StartAsync(ApiServer server)
    {
        var played = new PlayedInstances();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [KeyRing.CertificateSetting] = ApiServer.CertificatePath,
            ["Outbound:AllowPrivateAddresses"] = "true",
            ["Operations:BackoffMax"] = "00:00:00.2",
            ["Operations:PollEvery"] = "00:00:00.2",
        }).Build();
        var services = new ControlPlaneScope(server.Database.Provisioner, server.Clock, collection =>
        {
            collection.AddKeyRing(configuration).AddSingleton(played).AddPlatforms(configuration).AddOperationRunner(configuration, new Random(1)).AddWorkflow<TellPlatform>().AddWorkflow<CallPlatform>();
            collection.AddScoped<Workflow, SilentNotify>();
            foreach (var kind in PlayedInstances.Kinds)
                collection.AddScoped<Workflow>(_ => new PlayedWorkflow(kind, played));
        });
        foreach (var hosted in services.Services.GetServices<IHostedService>())
            await hosted.StartAsync(default);
        return new PlatformRunner(services, played);
    }

    /// <summary>From here on instances do not get on.</summary>
    internal void Hold() => played.IsHeld = true;

    internal void Release() => played.IsHeld = false;

    internal void FailFromNowOn() => played.Fails = true;

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in services.Services.GetServices<IHostedService>().Reverse())
            await hosted.StopAsync(default);
        await services.DisposeAsync();
    }
}

/// <summary>What tells resellers by their own webhooks stands between the operations of an instance; here nobody listens.</summary>
sealed class SilentNotify : Workflow
{
    public SilentNotify() => Step(Kind.FirstStep, (_, _) => Task.FromResult(StepResult.Finished));

    public override OperationKind Kind => OperationKinds.ResellerNotify;
}

sealed class PlayedInstances
{
    int port = 30_000;

    internal static OperationKind[] Kinds { get; } =
    [
        OperationKinds.InstanceProvision, OperationKinds.InstanceDelete, OperationKinds.InstanceChangePlan, OperationKinds.InstanceRotatePassword, OperationKinds.InstanceSuspend, OperationKinds.InstanceResume,
    ];

    internal volatile bool IsHeld, Fails;

    internal int NextPort() => Interlocked.Increment(ref port);
}

sealed class PlayedWorkflow : Workflow
{
    readonly OperationKind kind;

    internal PlayedWorkflow(OperationKind kind, PlayedInstances played)
    {
        this.kind = kind;
        Step(kind.FirstStep, async (step, cancel) =>
        {
            var instance = await step.Db.Instances.SingleAsync(i => i.Id == StandInProvisioner.Parse(step.Operation.Subject), cancel);
            if (played.IsHeld && instance.Desired != DesiredState.Deleted)
                return new StepResult.Wait(TimeSpan.FromMilliseconds(50));
            if (played.Fails)
                return new StepResult.Fail("The machine is broken.");
            Observe(instance, played);
            return StepResult.Finished;
        });
    }

    public override OperationKind Kind => kind;

    static void Observe(Instance instance, PlayedInstances played)
    {
        if (instance.Desired == DesiredState.Deleted)
        {
            instance.MarkDeleting();
            instance.MarkDeleted();
            return;
        }
        if (instance.Desired == DesiredState.Suspended)
        {
            instance.MarkSuspending();
            instance.MarkSuspended();
            return;
        }
        if (instance.State == InstanceState.Suspended)
            instance.MarkResuming();
        instance.MarkRunning();
        (instance.Host, instance.Port, instance.Version) = ("127.0.0.1", instance.Port ?? played.NextPort(), "1.9.0");
        instance.ObservedGeneration = instance.Generation;
    }
}
