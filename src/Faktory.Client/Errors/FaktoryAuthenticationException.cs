namespace Faktory.Client;

/// <summary>The server refused the password, or wants one and the URL has none.</summary>
public sealed class FaktoryAuthenticationException : FaktoryException
{
    internal FaktoryAuthenticationException(string message)
        : base(message)
    {
    }
}
