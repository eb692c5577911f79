namespace ControlPlane.Host.Postgres;

/// <summary>The private PostgreSQL cannot run; the message says why, and what the person at the terminal can do.</summary>
sealed class PrivatePostgresException : Exception
{
    public PrivatePostgresException() { }

    public PrivatePostgresException(string message) : base(message) { }

    public PrivatePostgresException(string message, Exception inner) : base(message, inner) { }
}
