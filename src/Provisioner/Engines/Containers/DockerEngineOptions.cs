namespace Provisioner.Engines.Containers;

/// <summary>Configuration section <c>Provisioner:Docker</c>.</summary>
sealed class DockerEngineOptions
{
    /// <summary>Where the Docker Engine answers; unset means DOCKER_HOST, and then the usual socket.</summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// The image of new instances: a tag or an id. A tag is resolved to its id when an instance is created, and the id is what runs.
    /// </summary>
    public string Image { get; set; } = "faktory-server:latest";

    /// <summary>A docker-archive (infra/docker/build-image.sh writes one) that is loaded when the engine does not have the image.</summary>
    public string? ImageArchive { get; set; }

    /// <summary>Whose containers, networks and volumes these are. Two deployments on one engine leave each other's alone.</summary>
    public string Deployment { get; set; } = "default";

    /// <summary>The address of the host on which instances' ports are published. Never 0.0.0.0: name the one that customers dial.</summary>
    public string PublishOn { get; set; } = "127.0.0.1";

    /// <summary>When the host shuts down in good order its instances end too, and come back with its next start.</summary>
    public bool StopInstancesOnShutdown { get; set; }

    /// <summary>At shutdown, before SIGKILL.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The user of the server in the container, as the image was built.</summary>
    public int UserId { get; set; } = 10_001;

    /// <summary>Open files of one instance. Some engines refuse more than 20,000.</summary>
    public int OpenFilesMax { get; set; } = 16_384;

    /// <summary>Each call to the engine; a hanging engine counts as one that does not answer.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan HealthCheckEvery { get; set; } = TimeSpan.FromSeconds(30);

    public Uri ResolvedEndpoint => new(
        Endpoint ?? (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock"));
}
