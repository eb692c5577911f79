namespace Faktory.Client;

/// <summary>What answered does not speak Faktory's protocol, version 2. The connection is closed.</summary>
public sealed class FaktoryProtocolException : FaktoryException
{
    internal FaktoryProtocolException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
