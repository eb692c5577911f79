namespace Faktory.Client;

/// <summary>The server did not answer in the time the options allow. The connection is closed.</summary>
public sealed class FaktoryTimeoutException : FaktoryException
{
    internal FaktoryTimeoutException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
