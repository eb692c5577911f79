using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

public readonly record struct ShareAccrualId(Guid Value) : IPrefixedId<ShareAccrualId>
{
    public static string Prefix => "acr";
    public static ShareAccrualId From(Guid value) => new(value);
    public static ShareAccrualId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out ShareAccrualId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct PayoutId(Guid Value) : IPrefixedId<PayoutId>
{
    public static string Prefix => "pyo";
    public static PayoutId From(Guid value) => new(value);
    public static PayoutId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out PayoutId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct TransferReversalId(Guid Value) : IPrefixedId<TransferReversalId>
{
    public static string Prefix => "trv";
    public static TransferReversalId From(Guid value) => new(value);
    public static TransferReversalId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out TransferReversalId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}
