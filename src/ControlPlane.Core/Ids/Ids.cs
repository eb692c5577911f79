using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

public readonly record struct OrganizationId(Guid Value) : IPrefixedId<OrganizationId>
{
    public static string Prefix => "org";
    public static OrganizationId From(Guid value) => new(value);
    public static OrganizationId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out OrganizationId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct UserId(Guid Value) : IPrefixedId<UserId>
{
    public static string Prefix => "usr";
    public static UserId From(Guid value) => new(value);
    public static UserId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct InstanceId(Guid Value) : IPrefixedId<InstanceId>
{
    public static string Prefix => "ins";
    public static InstanceId From(Guid value) => new(value);
    public static InstanceId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out InstanceId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct OperationId(Guid Value) : IPrefixedId<OperationId>
{
    public static string Prefix => "op";
    public static OperationId From(Guid value) => new(value);
    public static OperationId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out OperationId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct BackupId(Guid Value) : IPrefixedId<BackupId>
{
    public static string Prefix => "bak";
    public static BackupId From(Guid value) => new(value);
    public static BackupId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out BackupId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct TokenId(Guid Value) : IPrefixedId<TokenId>
{
    public static string Prefix => "tok";
    public static TokenId From(Guid value) => new(value);
    public static TokenId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out TokenId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct AlertId(Guid Value) : IPrefixedId<AlertId>
{
    public static string Prefix => "alr";
    public static AlertId From(Guid value) => new(value);
    public static AlertId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out AlertId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct AuditId(Guid Value) : IPrefixedId<AuditId>
{
    public static string Prefix => "aud";
    public static AuditId From(Guid value) => new(value);
    public static AuditId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out AuditId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct MailId(Guid Value) : IPrefixedId<MailId>
{
    public static string Prefix => "mail";
    public static MailId From(Guid value) => new(value);
    public static MailId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out MailId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct JournalId(Guid Value) : IPrefixedId<JournalId>
{
    public static string Prefix => "jrn";
    public static JournalId From(Guid value) => new(value);
    public static JournalId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out JournalId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}

public readonly record struct ContractId(Guid Value) : IPrefixedId<ContractId>
{
    public static string Prefix => "ctr";
    public static ContractId From(Guid value) => new(value);
    public static ContractId New(TimeProvider clock) => new(OrderedGuid.Next(clock));
    public static bool TryParse([NotNullWhen(true)] string? text, out ContractId id) => PrefixedId.TryParse(text, out id);
    public override string ToString() => PrefixedId.Format(Prefix, Value);
}
