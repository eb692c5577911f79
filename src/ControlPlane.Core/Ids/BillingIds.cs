using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

public readonly record struct OverrideId(Guid Value) : IPrefixedId<OverrideId>
{
    public static string Prefix => "ovr";
    public static OverrideId From(Guid value) => new(value);
    public static OverrideId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out OverrideId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct SubscriptionItemId(Guid Value) : IPrefixedId<SubscriptionItemId>
{
    public static string Prefix => "sub";
    public static SubscriptionItemId From(Guid value) => new(value);
    public static SubscriptionItemId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out SubscriptionItemId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct InvoiceId(Guid Value) : IPrefixedId<InvoiceId>
{
    public static string Prefix => "inv";
    public static InvoiceId From(Guid value) => new(value);
    public static InvoiceId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out InvoiceId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct PaymentId(Guid Value) : IPrefixedId<PaymentId>
{
    public static string Prefix => "pay";
    public static PaymentId From(Guid value) => new(value);
    public static PaymentId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct RefundId(Guid Value) : IPrefixedId<RefundId>
{
    public static string Prefix => "rfd";
    public static RefundId From(Guid value) => new(value);
    public static RefundId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out RefundId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct CreditNoteId(Guid Value) : IPrefixedId<CreditNoteId>
{
    public static string Prefix => "crn";
    public static CreditNoteId From(Guid value) => new(value);
    public static CreditNoteId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out CreditNoteId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct DisputeId(Guid Value) : IPrefixedId<DisputeId>
{
    public static string Prefix => "dsp";
    public static DisputeId From(Guid value) => new(value);
    public static DisputeId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out DisputeId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct PurchaseId(Guid Value) : IPrefixedId<PurchaseId>
{
    public static string Prefix => "pur";
    public static PurchaseId From(Guid value) => new(value);
    public static PurchaseId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out PurchaseId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}
