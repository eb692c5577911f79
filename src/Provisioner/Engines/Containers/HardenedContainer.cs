using System.Globalization;
using Docker.DotNet.Models;

namespace Provisioner.Engines.Containers;

/// <summary>
/// The container of an instance. A stranger's jobs run through it, so it may do nothing but listen, compute and write to its
/// volume; docs/security lists each line with the check that asserts it on every container.
/// </summary>
static class HardenedContainer
{
    public const int ServerPort = 7419, AdminPort = 7421;
    public const string StorageFolder = "/var/lib/faktory", InstanceFileName = "instance.json";

    public static readonly string ServerPortKey = string.Create(CultureInfo.InvariantCulture, $"{ServerPort}/tcp");

    public static CreateContainerParameters For(InstanceSpec spec, string imageId, string networkId, DockerEngineOptions options) => new()
    {
        Name = DockerNames.Of(spec.Id),
        Image = imageId,
        User = string.Create(CultureInfo.InvariantCulture, $"{options.UserId}:{options.UserId}"),
        Hostname = "faktory",
        Labels = DockerNames.Labels(spec.Id, options.Deployment),
        Cmd =
        [
            "-b", $"0.0.0.0:{ServerPort}", "-w", ":0", "-e", "production",
            "-d", StorageFolder + "/data", "-c", StorageFolder + "/config",
            "--instance-file", $"{StorageFolder}/{InstanceFileName}",
        ],
        // No secret is ever here: whoever may inspect the container reads it. The health check finds the admin port in it too.
        Env = [$"FAKTORY_ADMIN_BINDING=0.0.0.0:{AdminPort}", "DOTNET_GCHeapHardLimitPercent=0x3C", "DOTNET_EnableDiagnostics=0"],
        ExposedPorts = new Dictionary<string, EmptyStruct> { [ServerPortKey] = default },
        Healthcheck = new HealthcheckConfig
        {
            Test = ["CMD", "/faktory-server", "healthcheck"],
            Interval = options.HealthCheckEvery,
            Timeout = TimeSpan.FromSeconds(5),
            StartPeriod = TimeSpan.FromSeconds(10),
            Retries = 3,
        },
        StopSignal = "SIGTERM",
        HostConfig = new HostConfig
        {
            NetworkMode = networkId,
            // The admin port is reached at the container's own address and never published; the other one on a single address of the host.
            PortBindings = new Dictionary<string, IList<PortBinding>>
            {
                [ServerPortKey] = [new PortBinding { HostIP = options.PublishOn, HostPort = spec.Port.ToString(CultureInfo.InvariantCulture) }],
            },
            // Set outright, a name server is asked from inside the container, where nothing answers: no way out through DNS.
            DNS = ["127.0.0.1"],
            Mounts = [new Mount { Type = "volume", Source = DockerNames.Of(spec.Id), Target = StorageFolder }],
            Tmpfs = new Dictionary<string, string> { ["/tmp"] = "rw,noexec,nosuid,nodev,size=16m" },
            ReadonlyRootfs = true,
            Init = true,
            IpcMode = "private",
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            Memory = spec.MemoryBytes,
            MemorySwap = spec.MemoryBytes,
            NanoCPUs = NanoCpus(spec),
            PidsLimit = spec.PidsMax,
            Ulimits =
            [
                new Ulimit { Name = "nofile", Soft = options.OpenFilesMax, Hard = options.OpenFilesMax },
                new Ulimit { Name = "core", Soft = 0, Hard = 0 },
            ],
            OomScoreAdj = 500,
            // After the daemon was killed it brings back "always" and nothing else.
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always },
            LogConfig = new LogConfig
            {
                Type = "json-file",
                Config = new Dictionary<string, string> { ["max-size"] = "1m", ["max-file"] = "3" },
            },
        },
    };

    public static long NanoCpus(InstanceSpec spec) => spec.CpuMillis * 1_000_000L;
}
