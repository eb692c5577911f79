namespace Faktory.Server.Tests;

/// <summary>Tests that look at the memory of the whole process: no other one may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    internal const string Name = "alone";
}
