namespace Provisioner.Engines;

/// <summary>The engine does not answer, or answers that it cannot now. Nothing is known to have changed: look, and try later.</summary>
sealed class EngineUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somebody else listens on the port that the instance was given: it needs another.</summary>
sealed class PortTakenException(int port, Exception? inner = null) : Exception($"port {port} is taken by something else", inner)
{
    public int Port => port;
}

/// <summary>The instance's data is not where it must be. A human decides: starting would serve an empty queue as if nothing had happened.</summary>
sealed class StorageMissingException(string instanceId) : Exception($"the storage of {instanceId} is missing")
{
    public string InstanceId => instanceId;
}
