using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>
/// Where a backup's objects lie: <c>{organization}/{instance}/{backup}/files/{name}</c>, and <c>…/manifest.json</c>, whose
/// presence says that the backup is complete.
/// </summary>
sealed record BackupKeys(string OrganizationId, string InstanceId, string BackupId)
{
    internal string Prefix => $"{InstancePrefix(OrganizationId, InstanceId)}{BackupId}/";

    internal string Manifest => $"{Prefix}manifest.json";

    internal string File(string name) => $"{Prefix}files/{name}";

    internal static string InstancePrefix(string organizationId, string instanceId) => $"{organizationId}/{instanceId}/";

    /// <summary>The backup that an object of any kind belongs to, or null for a key of another shape.</summary>
    internal static BackupKeys? Of(string objectKey) =>
        objectKey.Split('/') is [var organization, var instance, var backup, _, ..] ? new(organization, instance, backup) : null;

    /// <summary>Names come from an instance, which runs in a customer's hands: they must stay inside the backup.</summary>
    internal static bool IsFileName(string name) => name.Length <= 128 && ObjectKey.IsSegment(name);
}
