namespace Faktory.Server.Jobs;

/// <summary>Bounds on a job that a client pushes. What is stored already stays readable when they are lowered.</summary>
sealed record JobLimits
{
    internal static readonly JobLimits Default = new();

    /// <summary>How long a jid may be. At least <see cref="Submission.JidBytesMin"/>.</summary>
    internal int JidBytesMax { get; init; } = 1024;

    /// <summary>How long the name of a queue may be.</summary>
    internal int QueueNameBytesMax { get; init; } = 255;

    /// <summary>How deep its JSON may be nested; the job itself is the first level, args the second.</summary>
    internal int JsonDepthMax { get; init; } = 128;
}
