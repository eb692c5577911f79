using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

public readonly record struct ResellerId(Guid Value) : IPrefixedId<ResellerId>
{
    public static string Prefix => "rsl";
    public static ResellerId From(Guid value) => new(value);
    public static ResellerId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out ResellerId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct IntegrationId(Guid Value) : IPrefixedId<IntegrationId>
{
    public static string Prefix => "itg";
    public static IntegrationId From(Guid value) => new(value);
    public static IntegrationId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out IntegrationId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct ManagedResourceId(Guid Value) : IPrefixedId<ManagedResourceId>
{
    public static string Prefix => "res";
    public static ManagedResourceId From(Guid value) => new(value);
    public static ManagedResourceId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out ManagedResourceId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct WebhookId(Guid Value) : IPrefixedId<WebhookId>
{
    public static string Prefix => "whk";
    public static WebhookId From(Guid value) => new(value);
    public static WebhookId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct DeliveryId(Guid Value) : IPrefixedId<DeliveryId>
{
    public static string Prefix => "dlv";
    public static DeliveryId From(Guid value) => new(value);
    public static DeliveryId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out DeliveryId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct InvitationId(Guid Value) : IPrefixedId<InvitationId>
{
    public static string Prefix => "ivt";
    public static InvitationId From(Guid value) => new(value);
    public static InvitationId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out InvitationId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}
