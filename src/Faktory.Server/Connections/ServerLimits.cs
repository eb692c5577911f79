namespace Faktory.Server.Connections;

/// <summary>Bounds on what clients may do. Replaced as a whole when they change, live.</summary>
sealed record ServerLimits
{
    /// <summary>How many clients may be connected at once; those that have not said HELLO yet do not count.</summary>
    internal int ConnectionsMax { get; init; } = 2000;

    /// <summary>How long a line, and so a job, may be.</summary>
    internal long LineBytesMax { get; init; } = 8 << 20;

    /// <summary>How long a line may be before the password was checked.</summary>
    internal int HelloBytesMax { get; init; } = 16 << 10;

    /// <summary>By when a client must have said HELLO.</summary>
    internal TimeSpan HandshakeFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many commands of one connection are in the engine's hands at once.</summary>
    internal int PipelinedMax { get; init; } = 256;

    /// <summary>How many may be connected without having said HELLO; above, the slowest of them is hung up on.</summary>
    internal int HandshakesMax { get; init; } = 512;
}
