namespace Faktory.Server.Tests.Simulation;

sealed class ModelBatch(string bid, ModelBatch? parent, JobSpec? complete, JobSpec? success)
{
    internal string Bid => bid;
    internal ModelBatch? Parent => parent;
    internal ModelCallback Complete { get; } = new("complete", complete);
    internal ModelCallback Success { get; } = new("success", success);
    internal List<ModelBatch> Children { get; } = [];
    internal long Total;

    /// <summary>Never executed.</summary>
    internal long Pending;

    /// <summary>Executed, and not done since.</summary>
    internal long Failed;

    internal bool IsCommitted;
    internal bool WasCommitted;
    internal long CreatedAt;
    internal long ChangedAt;
}

sealed class ModelCallback(string name, JobSpec? spec)
{
    internal string Name => name;

    /// <summary>Null when nobody asked for it.</summary>
    internal JobSpec? Spec => spec;

    /// <summary>1 when it is enqueued, 2 when it is done.</summary>
    internal int Stage;
}
