using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

public readonly record struct InboxEventId(Guid Value) : IPrefixedId<InboxEventId>
{
    public static string Prefix => "inb";
    public static InboxEventId From(Guid value) => new(value);
    public static InboxEventId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out InboxEventId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct DifferenceId(Guid Value) : IPrefixedId<DifferenceId>
{
    public static string Prefix => "dif";
    public static DifferenceId From(Guid value) => new(value);
    public static DifferenceId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out DifferenceId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct ReconciliationRunId(Guid Value) : IPrefixedId<ReconciliationRunId>
{
    public static string Prefix => "rcn";
    public static ReconciliationRunId From(Guid value) => new(value);
    public static ReconciliationRunId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out ReconciliationRunId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}
