using Docker.DotNet.Models;

namespace Provisioner.Engines.Containers;

/// <summary>The image of new instances, pinned: a tag can be moved under our feet, an id cannot.</summary>
sealed class DockerImage(DockerCalls docker, DockerEngineOptions options)
{
    public async Task<string> ResolveAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is { } present)
            return present;
        if (options.ImageArchive is { } archive && File.Exists(archive))
        {
            await using var bytes = File.OpenRead(archive);
            await docker.AskAsync(engine => engine.Images.LoadImageAsync(
                new ImageLoadParameters { Quiet = true }, bytes, new Progress<JSONMessage>(), cancel), cancel);
            if (await FindAsync(cancel) is { } loaded)
                return loaded;
        }
        throw new EngineUnavailableException($"the Docker Engine has no image {options.Image}; infra/docker/build-image.sh builds it");
    }

    async Task<string?> FindAsync(CancellationToken cancel) =>
        (await docker.FindAsync(engine => engine.Images.InspectImageAsync(options.Image, cancel), cancel))?.ID;
}
