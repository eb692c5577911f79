using System.Net;
using System.Net.Sockets;
using Docker.DotNet;

namespace Provisioner.Engines.Containers;

/// <summary>Turns what a call to the engine can fail with into the faults of <see cref="IInstanceEngine"/>.</summary>
sealed class DockerCalls(IDockerClient client) : IDisposable
{
    public static DockerCalls To(DockerEngineOptions engine) =>
        new(new DockerClientBuilder().WithEndpoint(engine.ResolvedEndpoint).WithTimeout(engine.CallTimeout).Build());

    public async Task<T> AskAsync<T>(Func<IDockerClient, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(client);
        }
        catch (DockerApiException fault) when (fault.Message.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException("the engine's disk is full", fault);
        }
        catch (DockerApiException fault) when (fault.StatusCode >= HttpStatusCode.InternalServerError && !IsPortTaken(fault))
        {
            throw new EngineUnavailableException($"the Docker Engine refused: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or TimeoutException or EndOfStreamException)
        {
            throw new EngineUnavailableException("the Docker Engine does not answer", fault);
        }
        // The client's own time limit, not the caller's wish.
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw new EngineUnavailableException("the Docker Engine did not answer in time", fault);
        }
    }

    public Task AskAsync(Func<IDockerClient, Task> call, CancellationToken cancel) => AskAsync(async docker =>
    {
        await call(docker);
        return true;
    }, cancel);

    /// <summary>Null when there is no such thing.</summary>
    public async Task<T?> FindAsync<T>(Func<IDockerClient, Task<T>> call, CancellationToken cancel) where T : class
    {
        try
        {
            return await AskAsync(call, cancel);
        }
        catch (DockerApiException fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Done, or there was nothing to do it to.</summary>
    public async Task RemoveAsync(Func<IDockerClient, Task> call, CancellationToken cancel)
    {
        try
        {
            await AskAsync(call, cancel);
        }
        catch (DockerApiException fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            // Somebody was faster, or an earlier try was: it is gone either way.
        }
    }

    public static bool IsPortTaken(DockerApiException fault) =>
        fault.Message.Contains("port is already allocated", StringComparison.OrdinalIgnoreCase)
        || fault.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase);

    public void Dispose() => client.Dispose();
}
