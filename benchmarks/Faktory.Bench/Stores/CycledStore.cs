namespace Faktory.Bench.Stores;

/// <summary>A queue on a storage engine, in this process and without any network.</summary>
abstract class CycledStore : IDisposable
{
    internal abstract string Name { get; }

    /// <summary>Puts a job of <see cref="CyclesBenchmark.JobBytes"/> at the end.</summary>
    internal abstract void Push();

    /// <summary>Takes the first job and deletes it.</summary>
    internal abstract void Pop();

    /// <summary>Writes what was done since the last call, as one.</summary>
    internal abstract void Commit();

    public abstract void Dispose();
}
