namespace Faktory.Client;

/// <summary>No trusted TLS connection: a certificate that is unknown, expired or for another name, or a server that speaks no TLS.</summary>
public sealed class FaktoryTlsException : FaktoryException
{
    internal FaktoryTlsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
