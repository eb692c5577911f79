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
