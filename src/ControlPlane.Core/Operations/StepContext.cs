using System.Text.Json;
using ControlPlane.Core.Data;

namespace ControlPlane.Core.Operations;

/// <summary>What a step works with. One step, one context, one caller.</summary>
public sealed class StepContext(Operation operation, ControlPlaneDb db, TimeProvider clock)
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>As it was leased. The runner writes it; a step reads it.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Sees every organization.</summary>
    public ControlPlaneDb Db { get; } = db;

    public TimeProvider Clock { get; } = clock;

    internal string Data { get; private set; } = operation.Data;

    /// <summary>The workflow's state.</summary>
    public T GetData<T>() => JsonSerializer.Deserialize<T>(Data, Options) ?? throw new InvalidOperationException($"operation {Operation.Id} has no data");

    /// <summary>Saved with the step's other changes.</summary>
    public void SetData<T>(T data) where T : notnull => Data = Serialize(data);

    internal static string Serialize(object data) => JsonSerializer.Serialize(data, Options);
}
