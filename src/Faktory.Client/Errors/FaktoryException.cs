namespace Faktory.Client;

/// <summary>Everything this library throws for a cause outside of the program; one derived type per cause.</summary>
public abstract class FaktoryException : Exception
{
    private protected FaktoryException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>
    /// True when the command had been sent and its reply never came: the server may or may not have carried it out. Sending a PUSH
    /// again may then enqueue the job twice, so this library never does.
    /// </summary>
    public bool IsOutcomeUnknown { get; internal init; }
}
