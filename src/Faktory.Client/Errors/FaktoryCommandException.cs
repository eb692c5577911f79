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
}
