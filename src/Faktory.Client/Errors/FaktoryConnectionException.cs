namespace Faktory.Client;

/// <summary>The server could not be reached, or the connection was lost.</summary>
public sealed class FaktoryConnectionException : FaktoryException
{
    internal FaktoryConnectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
