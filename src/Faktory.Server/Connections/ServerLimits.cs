using Faktory.Server.Jobs;

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

    /// <summary>How long the server goes on reading a line that is too long, so that its client comes to read the answer.</summary>
    internal TimeSpan SkipFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many commands of one connection are in the engine's hands at once.</summary>
    internal int PipelinedMax { get; init; } = 256;

    /// <summary>How many may be connected without having said HELLO; above, the slowest of them is hung up on.</summary>
    internal int HandshakesMax { get; init; } = 512;

    /// <summary>How many commands one connection may send in a second; null for as many as it can. PUSHB counts as one.</summary>
    internal int? RequestsPerSecondMax { get; init; }

    /// <summary>How many wrong passwords one address may try in a minute, at the command port and as many at the web UI; then it is not listened to until some of that minute is over.</summary>
    internal int PasswordTriesPerMinuteMax { get; init; } = 10;

    internal JobLimits Jobs { get; init; } = JobLimits.Default;
}
