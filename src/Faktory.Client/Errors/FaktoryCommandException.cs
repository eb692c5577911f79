namespace Faktory.Client;

/// <summary>The server answered a command with an error. The connection stays usable.</summary>
public sealed class FaktoryCommandException : FaktoryException
{
    internal FaktoryCommandException(string code, string detail)
        : base(detail)
        => Code = code;

    /// <summary>The first word of the error: <c>ERR</c>, <c>NOTUNIQUE</c>, <c>SHUTDOWN</c>… The message is the rest.</summary>
    public string Code { get; }

    /// <summary>The job was not taken because there is one like it: see <see cref="FaktoryJobFeatures.Unique"/>.</summary>
    public bool IsNotUnique => Code == "NOTUNIQUE";

    /// <summary>The server has no such job, or not where the command looks for it.</summary>
    public bool IsJobNotFound => Message.StartsWith("Job not found", StringComparison.OrdinalIgnoreCase);

    /// <summary>The server does not know the command: it is another one, or an older one.</summary>
    internal bool IsUnknownCommand => Message.StartsWith("unknown command", StringComparison.OrdinalIgnoreCase);
}
