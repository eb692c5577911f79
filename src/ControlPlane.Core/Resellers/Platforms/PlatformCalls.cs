using System.Text.Json;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>What an operation <see cref="OperationKinds.PlatformCall"/> is about: the record that says where and with which tokens, and what is to be said.</summary>
/// <param name="Operation">The one whose end is told, where it is about one.</param>
public sealed record PlatformCallData(string Integration, string Kind, string ExternalId, string Call, string? Operation = null, PlatformRefund? Refund = null);

/// <param name="Invoice">The platform's id of it.</param>
/// <param name="Total">Decimal text in dollars.</param>
public sealed record PlatformRefund(string Invoice, string Total, string Reason);

/// <summary>What platforms are told. Each dialect knows some of them.</summary>
public static class PlatformCallNames
{
    /// <summary>Trade the code that came with a request for tokens, while it lives.</summary>
    public const string Grant = "grant";

    /// <summary>What was asked for is ready, or is not going to be.</summary>
    public const string Provisioned = "provisioned";

    /// <summary>The address or password that customers' programs use has changed.</summary>
    public const string Changed = "changed";
    public const string Deleted = "deleted";

    /// <summary>Usage and invoices, hour by hour, for as long as the record stands.</summary>
    public const string Billing = "billing";

    /// <summary>Give back what an invoice took.</summary>
    public const string Refund = "refund";
}

public static class PlatformCalling
{
    /// <summary>Calls the platform as soon as an operation can be run, and again until it has listened. The caller saves.</summary>
    public static Operation CallPlatform(this ControlPlaneDb db, PlatformRecord record, string call, TimeProvider clock) =>
        db.File(OperationKinds.PlatformCall, record.OrganizationId, SubjectOf(record), ToData(record, call), clock);

    /// <summary>The same after the operation under way on the resource's instance has ended. A platform that does not answer holds up nothing of the instance's.</summary>
    public static Operation CallPlatformAfter(this ControlPlaneDb db, PlatformRecord record, ManagedResource resource, string call, TimeProvider clock) =>
        db.CallPlatformAfter(record, resource.InstanceId, resource.OperationId, call, clock);

    /// <summary>The same after an operation that a command did not file.</summary>
    public static Operation CallPlatformAfter(this ControlPlaneDb db, PlatformRecord record, InstanceId instance, OperationId after, string call, TimeProvider clock) =>
        db.File(OperationKinds.PlatformNotify, record.OrganizationId, instance.ToString(), ToData(record, call) with { Operation = after.ToString() }, clock);

    /// <summary>What <see cref="OperationKinds.PlatformNotify"/> was waiting for has ended.</summary>
    public static Operation CallPlatform(this ControlPlaneDb db, PlatformRecord record, PlatformCallData data, TimeProvider clock) =>
        db.File(OperationKinds.PlatformCall, record.OrganizationId, SubjectOf(record), data, clock);

    /// <summary>Has the platform give back what an invoice took. Apart from the other calls about its record, of which one may go on for years.</summary>
    public static Operation CallPlatform(this ControlPlaneDb db, PlatformRecord record, PlatformRefund refund, TimeProvider clock) =>
        db.File(OperationKinds.PlatformCall, record.OrganizationId, SubjectOf(record, refund.Invoice), ToData(record, PlatformCallNames.Refund) with { Refund = refund }, clock);

    /// <summary>Of the operation's integration, in the fleet's scope.</summary>
    public static Task<PlatformRecord?> FindRecordAsync(this ControlPlaneDb db, PlatformCallData data, CancellationToken cancel) =>
        IntegrationId.TryParse(data.Integration, out var integration)
            ? db.PlatformRecords.SingleOrDefaultAsync(r => r.IntegrationId == integration && r.Kind == data.Kind && r.ExternalId == data.ExternalId, cancel)
            : Task.FromResult<PlatformRecord?>(null);

    public static void SealSecrets<T>(this SecretSealer sealer, PlatformRecord record, T secrets) where T : notnull =>
        record.Sealed = sealer.Seal(record.OrganizationId, SecretPurposes.PlatformSecrets, record.SealedFor, JsonSerializer.Serialize(secrets, PlatformJson.Options));

    public static T? OpenSecrets<T>(this SecretSealer sealer, PlatformRecord record) where T : class =>
        record.Sealed is { } text ? JsonSerializer.Deserialize<T>(sealer.Open(record.OrganizationId, SecretPurposes.PlatformSecrets, record.SealedFor, text), PlatformJson.Options) : null;

    public static void SealSecrets(this SecretSealer sealer, ResellerIntegration integration, IReadOnlyDictionary<string, string> secrets) =>
        integration.SealedSecrets = sealer.Seal(integration.OrganizationId, SecretPurposes.IntegrationSecrets, integration.Id.ToString(), JsonSerializer.Serialize(secrets));

    public static IReadOnlyDictionary<string, string> OpenSecrets(this SecretSealer sealer, ResellerIntegration integration) => integration.SealedSecrets is { } text
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(sealer.Open(integration.OrganizationId, SecretPurposes.IntegrationSecrets, integration.Id.ToString(), text))!
        : new Dictionary<string, string>();

    /// <summary>Calls about one record come one after the other.</summary>
    public static string SubjectOf(PlatformRecord record) => $"{record.IntegrationId}/{record.Kind}/{record.ExternalId}";

    /// <summary>Of the refund of an invoice.</summary>
    public static string SubjectOf(PlatformRecord record, string invoice) => $"{SubjectOf(record)}/refund/{invoice}";

    static PlatformCallData ToData(PlatformRecord record, string call) => new(record.IntegrationId.ToString(), record.Kind, record.ExternalId, call);
}
